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

const themeOf = (name?: string | null) => THEMES.find((theme) => theme === name?.toLowerCase()) ?? null
const modeOf = (name?: string | null) =>
  (['light', 'dark'] as const).find((mode) => mode === name?.toLowerCase()) ?? 'system'

/** What is shown, kept on this device so that `static/theme.js` can apply it before the first paint. */
export const appearance: { theme: Theme; mode: Mode } = $state({
  theme: themeOf(stored('maestro.theme')) ?? 'lotus',
  mode: modeOf(stored('maestro.mode')),
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

/** What the person has chosen, on whatever device; where that is nothing, what is usual in this installation. */
export function follow(own: { theme?: string | null; mode?: string | null }, usual: string) {
  choose({ theme: themeOf(own.theme) ?? themeOf(usual) ?? 'lotus', mode: modeOf(own.mode) })
}

/** Before anybody is known: as it was here the last time, or as is usual in this installation. */
export function beginWith(usual: string) {
  if (!themeOf(stored('maestro.theme'))) choose({ theme: themeOf(usual) ?? 'lotus' })
}
