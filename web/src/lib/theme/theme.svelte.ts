export const THEMES = ['lotus', 'gold', 'wine', 'blue', 'dark', 'green', 'orange'] as const
export type Theme = (typeof THEMES)[number]
export type Mode = 'system' | 'light' | 'dark'

const system = matchMedia('(prefers-color-scheme: dark)')
const stored = (key: string) => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** The person's own choice on this device; `static/theme.js` applies it before the first paint. */
export const appearance: { theme: Theme; mode: Mode } = $state({
  theme: (THEMES as readonly string[]).includes(stored('maestro.theme') ?? '')
    ? (stored('maestro.theme') as Theme)
    : 'lotus',
  mode: ['light', 'dark'].includes(stored('maestro.mode') ?? '')
    ? (stored('maestro.mode') as Mode)
    : 'system',
})

function apply() {
  const dark = appearance.mode === 'dark' || (appearance.mode === 'system' && system.matches)
  document.documentElement.dataset.theme = appearance.theme
  document.documentElement.dataset.mode = dark ? 'dark' : 'light'
}

system.addEventListener('change', apply)

export function choose(change: Partial<typeof appearance>) {
  Object.assign(appearance, change)
  try {
    localStorage.setItem('maestro.theme', appearance.theme)
    localStorage.setItem('maestro.mode', appearance.mode)
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
  apply()
}
