import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './browser.ts'
import { type Maestro, startMaestro } from './maestro.ts'

const PERSON = { name: 'Lia List', email: 'lia@example.com', password: 'a-long-enough-password' }

describe('lists that are brought in and taken out', () => {
  let maestro: Maestro
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let page: Page
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const file = (name: string, text: string) => {
    const path = join(browser.folder, name)
    writeFileSync(path, text)
    return path
  }

  beforeAll(async () => {
    maestro = await startMaestro()
    browser = await openBrowser(maestro.url)
    page = browser.page
    await page.goto('/first-account')
    await page.getByLabel('Name').fill(PERSON.name)
    await page.getByLabel('E-mail').fill(PERSON.email)
    await page.getByLabel('Password', { exact: true }).fill(PERSON.password)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${maestro.url}/`)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await maestro?.stop()
  })

  it('shows what a file would change, row by row, before anything is changed', async () => {
    await page.goto('/import')
    await browser.look('import-new')
    const rows = Array.from(
      { length: 60 },
      (_, n) => `web-${n},production,${n % 3 ? 'web' : 'db'},${n % 5 ? 4 : 'many'},x${n}`,
    )
    await page
      .locator('input[type=file]')
      .setInputFiles(
        file('servers.csv', `Name;Environment;Role;CPU;Rack\n${rows.join('\n').replaceAll(',', ';')}\n`),
      )
    await page.getByRole('heading', { name: 'servers.csv' }).waitFor()
    await page.getByText('x0, x1').waitFor()
    await browser.look('import-columns')
    await button('Check').click()
    await page.getByRole('link', { name: /^Wrong 12/ }).click()
    await page.getByText('CPU must be a number').first().waitFor()
    await page.waitForURL(/verdict=ERROR/)
    await browser.look('import-checked')
    await page.reload()
    await page.getByText('CPU must be a number').first().waitFor()
  })

  it('imports the rest as one change, which can be undone and done again', async () => {
    await button('Import 48 rows, leave 12 out').click()
    await page.getByText('Imported: 48 rows.').waitFor()
    await browser.look('import-done')
    await page.getByRole('link', { name: 'See the servers' }).click()
    await page.getByRole('table').waitFor()
    await expect.poll(() => page.locator('h1 + span').innerText()).toBe('48')
    await page.goBack()
    await button('Undo').click()
    await page.goto('/servers')
    await expect.poll(() => page.getByText('No servers').count()).toBeGreaterThan(0)
    await page.goto('/history')
    await page.getByRole('link', { name: /^Undo/ }).first().click()
    await button('Undo this change').click()
    await page.goto('/servers')
    await expect.poll(() => page.locator('h1 + span').innerText()).toBe('48')
  })

  it('counts a list by its values, and narrows it with one press', async () => {
    await page.getByRole('table').waitFor()
    await page.getByRole('button', { name: /^db \d/ }).click()
    await page.waitForURL(/f=role/)
    await expect.poll(() => page.locator('h1 + span').innerText()).toBe('16')
    await browser.look('list-narrowed')
  })

  it('takes out what is shown, as it is shown', async () => {
    await button('Export').click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'CSV' }).first().click()
    const path = await (await download).path()
    const lines = readFileSync(path, 'utf8').trim().split('\r\n')
    expect(lines).toHaveLength(17)
    expect(lines[0]).toMatch(/^name,/)
    expect(lines.slice(1).every((line) => line.includes('db'))).toBe(true)
  })

  it('edits what is selected as one change, and takes it back', async () => {
    await page.goto('/servers')
    await page.getByRole('table').waitFor()
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    const panel = page.getByRole('dialog')
    await panel.getByLabel('Choose a field to change').click()
    await page.getByRole('option', { name: 'Role · General' }).click()
    await panel.getByLabel('Role', { exact: true }).fill('edge')
    await browser.look('bulk-edit')
    await button('Change 2 servers').click()
    await page.locator('[data-sonner-toast]', { hasText: '2 servers changed.' }).waitFor()
    await page.getByRole('button', { name: /^edge 2$/ }).waitFor()
    await page.locator('[data-sonner-toast]').getByRole('button', { name: 'Undo' }).first().click()
    await page.getByRole('button', { name: /^edge 2$/ }).waitFor({ state: 'detached' })
  })

  it('edits all that fit, also those on other pages', async () => {
    await page.goto('/servers?f=role:is:web')
    await page.getByRole('table').waitFor()
    await page.getByLabel('Select all rows of this page').check()
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
  })

  it('keeps the columns that were chosen, also for the next time', async () => {
    await page.goto('/servers')
    await page.getByRole('table').waitFor()
    await button('Columns').click()
    await page.getByLabel('Hostname').check()
    await page.keyboard.press('Escape')
    await page.goto('/apps')
    await page.goto('/servers')
    await page.getByRole('columnheader', { name: /Hostname/ }).waitFor()
  })

  it('met no error, no foreign host and no breach of the content policy on the way', () => {
    expect(browser.faults).toEqual([])
  })
})
