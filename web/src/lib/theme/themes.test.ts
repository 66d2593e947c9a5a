import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const css = readFileSync(join(import.meta.dirname, 'themes.css'), 'utf8')

function tokens(selector: string): Record<string, string> {
  const at = css.indexOf(`${selector} {`)
  if (at < 0) throw new Error(`${selector} is not in themes.css`)
  const block = css.slice(at, css.indexOf('}', at))
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
  )
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const part = parseInt(colour.slice(i, i + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high! + 0.05) / (low! + 0.05)
}

const GROUNDS = ['canvas', 'surface', 'sunken', 'hover']
const PAIRS: [string, string[]][] = [
  ...['text', 'text-2', 'text-3', 'text-4'].map((ink): [string, string[]] => [
    ink,
    [...GROUNDS, 'accent-soft'],
  ]),
  ...['ok', 'warn', 'fail', 'gone'].map((ink): [string, string[]] => [
    ink,
    ['canvas', 'surface', 'hover', 'accent-soft', `${ink}-soft`],
  ]),
  ['accent-text', [...GROUNDS, 'accent-soft']],
  ['on-accent', ['accent']],
]

describe.each(['lotus', 'gold', 'wine', 'blue', 'dark', 'green', 'orange'])('the theme %s', (theme) => {
  it.each(['light', 'dark'])('can be read in its %s variant', (mode) => {
    const own = mode === 'light' ? `[data-theme='${theme}']` : `[data-theme='${theme}'][data-mode='dark']`
    const all: Record<string, string> = { ...tokens(`[data-mode='${mode}']`), ...tokens(own) }
    const weak = PAIRS.flatMap(([ink, grounds]) =>
      grounds
        .map((ground) => ({ ink, ground, ratio: contrast(all[ink]!, all[ground]!) }))
        .filter(({ ratio }) => !(ratio >= 4.5))
        .map(({ ink, ground, ratio }) => `${ink} on ${ground}: ${ratio.toFixed(2)}`),
    )
    expect(weak).toEqual([])
  })
})
