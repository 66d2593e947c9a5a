import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './browser.ts'
import { startMaestro, type Maestro } from './maestro.ts'

const PERSON = { name: 'Ada Okafor', email: 'ada@example.com', password: 'a sentence to remember' }
const LISTS = [
  'Servers',
  'Apps',
  'Systems',
  'Clients',
  'Datacenters',
  'Volumes',
  'Snapshots',
  'Images',
  'Networks',
  'Flavors',
]

/** What a person writes down by hand: one thing of several kinds, changed, retired and brought back. */
describe('an inventory by hand', () => {
  let maestro: Maestro
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let page: Page

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const field = (name: string) => page.getByRole('dialog').getByLabel(name, { exact: true })
  const choose = async (name: string, option: string) => {
    await field(name).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  const toast = (text: string | RegExp) =>
    page.locator('[data-sonner-toast]', { hasText: text }).first().waitFor()

  beforeAll(async () => {
    maestro = await startMaestro()
    browser = await openBrowser(maestro.url)
    page = browser.page
    await page.goto('/')
    await page.getByLabel('Name', { exact: true }).fill(PERSON.name)
    await page.getByLabel('E-mail', { exact: true }).fill(PERSON.email)
    await page.getByLabel('Password', { exact: true }).fill(PERSON.password)
    await button('Create the account').click()
    await page.getByText('Three steps to your inventory').waitFor()
  })

  afterAll(async () => {
    await browser?.close()
    await maestro?.stop()
  })

  it('says of every kind what it is for, as long as there is none', async () => {
    for (const name of LISTS) {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor()
      await page.getByText(`No ${name.toLowerCase()} yet`).waitFor()
    }
    await page.goto('/apps')
    await page.getByText('No apps yet').waitFor()
    await browser.look('apps-empty')
  })

  it('writes down an Oracle database with its disk groups', async () => {
    await page.goto('/datacenters?new')
    await field('Name').fill('Basement')
    await field('Provider').fill('metal')
    await field('Name').click()
    await button('Create datacenter').click()
    await toast('Basement created.')

    await page.goto('/apps')
    await page.getByRole('navigation', { name: 'Families' }).getByRole('link', { name: 'Databases' }).click()
    await page.getByText('family is Database').waitFor()
    await button('Add app').click()
    await field('Name').fill('ledger')
    expect(await field('Family').innerText()).toContain('Database')
    await choose('Database engine', 'Oracle')
    await field('Datacenter').fill('Base')
    await page.getByRole('option', { name: /Basement/ }).click()
    await field('Port').fill('many')
    await button('Add to asm groups').click()
    await button('Create app').click()
    await page.getByText('Port must be a number.').waitFor()
    await field('Port').fill('-1')
    await field('Name of asm groups 1').fill('DATA')
    await field('Size of asm groups 1').fill('512')
    await button('Create app').click()
    await page.getByRole('alert').filter({ hasText: 'Port must be a number from 0 up.' }).waitFor()
    await field('Port').fill('1521')
    await button('Add to asm groups').click()
    await field('Name of asm groups 2').fill('FRA')
    await browser.look('app-form')
    await button('Create app').click()
    await toast('ledger created.')
    await page
      .getByRole('row', { name: /ledger/ })
      .getByText('Database', { exact: true })
      .waitFor()
    await browser.look('apps')
    await page.getByRole('link', { name: 'ledger' }).first().click()
    await page.waitForURL(/\/apps\/.+/)
    await page.getByRole('heading', { name: 'ledger' }).waitFor()
    const groups = page.getByRole('region', { name: 'ASM groups' })
    expect(await groups.locator('tbody tr').allInnerTexts()).toEqual(['DATA\t512 GiB', 'FRA\t—'])
    await page.getByRole('definition').getByText('1 521', { exact: true }).waitFor()
    await browser.look('app')
    await page.getByRole('tab', { name: 'Relations' }).click()
    await page.getByRole('link', { name: 'Basement' }).last().waitFor()
  })

  it('changes a part of its specification, in place and in the form', async () => {
    await page.getByRole('tab', { name: 'Overview' }).click()
    await button('Edit Port').click()
    await page.getByRole('textbox', { name: 'Port' }).fill('1522')
    await page.keyboard.press('Enter')
    await toast('Port saved.')
    await button('Edit').click()
    expect(await field('Port').inputValue()).toBe('1522')
    await button('Remove asm groups 2').click()
    await button('Save').click()
    await toast('ledger saved.')
    const rows = page.getByRole('region', { name: 'ASM groups' }).locator('tbody tr')
    await expect.poll(() => rows.allInnerTexts()).toEqual(['DATA\t512 GiB'])
  })

  it('warns of a name that is there already, and takes it all the same', async () => {
    await page.goto('/apps?new')
    await field('Name').fill('ledger')
    await page.getByText('The same name has').waitFor()
    await browser.look('app-form-duplicate')
    await button('Create app').click()
    await toast('ledger created.')
  })

  it('writes down a system and a client, with links and contacts', async () => {
    await page.goto('/systems?new')
    await field('Name').fill('Billing')
    await button('Add to links').click()
    await field('Address of links 1').fill('https://billing.example')
    await button('Create system').click()
    await toast('Billing created.')
    await page.goto('/clients?new')
    await field('Name').fill('Accounting')
    await button('Add to contacts').click()
    await button('Add to tags').click()
    await field('Channel of contacts 1').fill('Slack')
    await field('Value of contacts 1').fill('#accounting')
    await field('Key of tags 1').fill('floor')
    await browser.look('client-form')
    await button('Create client').click()
    await toast('Accounting created.')
    await page.getByRole('link', { name: 'Accounting' }).first().click()
    await page.getByRole('region', { name: 'Contacts' }).getByText('#accounting').waitFor()
    await browser.look('client')
  })

  it('retires a client and brings it back', async () => {
    await button('Retire').click()
    await toast('Accounting retired.')
    await button('Restore').waitFor()
    await page.goto('/clients')
    await page.getByText('No clients yet').waitFor()
    await page.goto('/clients?view=retired')
    await page.getByRole('link', { name: 'Accounting' }).first().click()
    await button('Restore').click()
    await toast('Accounting restored.')
    await button('Retire').waitFor()
    await page.getByRole('tab', { name: 'History' }).click()
    await expect.poll(() => page.locator('#page ol > li').count()).toBe(3)
  })

  it('counts what there is of each kind and family', async () => {
    await page.goto('/')
    await page.getByRole('heading', { name: 'Apps by family' }).waitFor()
    await page.getByRole('link', { name: /^2\s+Apps$/ }).waitFor()
    await browser.look('dashboard-by-hand')
    await page.getByRole('link', { name: /Databases\s+1/ }).click()
    await page.waitForURL(/family:is:DATABASE/)
    await page.getByRole('row', { name: /ledger/ }).waitFor()
  })

  it('keeps the whole menu within reach on a telephone', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Flavors' }).waitFor()
    await page.screenshot({ path: `${browser.folder}/menu-narrow.png` })
    await page.getByRole('menuitem', { name: 'Flavors' }).click()
    await page.getByText('No flavors yet').waitFor()
  })

  it('met no error and no foreign host on the way', () => {
    expect(browser.faults).toEqual([])
  })
})
