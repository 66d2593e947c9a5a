import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium as playwright, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { chromium } from '../../dev/setup/chromium.ts'
import { projectRoot } from '../../dev/setup/projectRoot.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } }
/** Kept in the repository under these names, when UPDATE_SCREENS=1. */
const KEPT: Record<string, string> = {
  'servers-wide-light': 'servers',
  'servers-wide-dark': 'servers-dark',
  'servers-narrow-light': 'servers-narrow',
  'server-wide-light': 'server',
  'run-wide-light': 'run',
}

type Violation = { id: string; impact: string; nodes: { html: string }[] }

/** A person's browser, which notes what a person should never meet. */
export async function openBrowser(url: string) {
  const tool = await chromium()
  const browser = await playwright.launch({
    executablePath: tool.command,
    args: tool.args,
    env: { ...process.env, ...tool.env } as Record<string, string>,
  })
  const faults: string[] = []

  /** A browser of its own, with cookies of its own. */
  async function another(): Promise<Page> {
    const context = await browser.newContext({
      baseURL: url,
      viewport: SIZES.wide,
      reducedMotion: 'reduce',
      colorScheme: 'light',
      locale: 'en-GB',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    note(page)
    return page
  }

  function note(page: Page) {
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content.Security.Policy/i.test(message.text()))
        faults.push(message.text())
    })
    page.on('request', (request) => {
      const { host, protocol } = new URL(request.url())
      if (/^(http|ws)s?:$/.test(protocol) && host !== new URL(url).host)
        faults.push(`asked a foreign host: ${request.url()}`)
    })
  }
  const page = await another()

  // One folder, overwritten by each run: the pictures are there to be looked at, and do not pile up.
  const folder = join(tmpdir(), 'maestro-screens')
  mkdirSync(folder, { recursive: true })
  const kept = join(projectRoot, 'docs/screens')

  /** Takes the page's picture wide and narrow, light and dark, and has axe look at each. */
  async function look(name: string, looked: Page = page) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      await looked.setViewportSize(viewport)
      for (const mode of ['light', 'dark']) {
        await looked.evaluate(`document.documentElement.dataset.mode = '${mode}'`)
        await looked.waitForTimeout(150)
        const file = `${name}-${size}-${mode}`
        await looked.screenshot({ path: join(folder, `${file}.png`) })
        if (process.env.UPDATE_SCREENS === '1' && KEPT[file]) {
          mkdirSync(kept, { recursive: true })
          copyFileSync(join(folder, `${file}.png`), join(kept, `${KEPT[file]}.png`))
        }
        expect(await grave(looked), `axe on ${file}`).toEqual([])
        const spill = await looked.evaluate('document.documentElement.scrollWidth - window.innerWidth')
        expect(spill, `${file} scrolls sideways`).toBeLessThanOrEqual(0)
      }
    }
    await looked.setViewportSize(SIZES.wide)
    await looked.evaluate(`document.documentElement.dataset.mode = 'light'`)
  }

  return { page, another, faults, look, folder, close: () => browser.close() }
}

async function grave(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)`,
  )) as Violation[]
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
}
