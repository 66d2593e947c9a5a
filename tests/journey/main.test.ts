import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccount } from '../../dev/emulators/aws/accounts.ts'
import { startAwsEmulator, type AwsEmulator } from '../../dev/emulators/aws/emulator.ts'
import { openBrowser } from './browser.ts'
import { startMaestro, type Maestro } from './maestro.ts'

const REGIONS = { 'eu-west-1': 700, 'eu-central-1': 300 }
/** Names in other scripts and tags at their limits. */
const ODDITIES = { withoutName: 5, terminated: 5, longTags: 5, unusualNames: 20 }
const PERSON = { name: 'Ada Okafor', email: 'ada@example.com', password: 'a sentence to remember' }

/** The main road, walked by one person from the first account to the second crawl; each step begins where the one before ended. */
describe('from the first account to a crawled estate', () => {
  let maestro: Maestro
  let cloud: AwsEmulator
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let page: Page

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const field = (name: string) => page.getByLabel(name, { exact: true })
  const toast = (text: string | RegExp) =>
    page.locator('[data-sonner-toast]', { hasText: text }).first().waitFor()
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) })

  beforeAll(async () => {
    cloud = await startAwsEmulator({ regions: REGIONS, quirks: { 'eu-west-1': ODDITIES } })
    maestro = await startMaestro()
    browser = await openBrowser(maestro.url)
    page = browser.page
  })

  afterAll(async () => {
    await browser?.close()
    await maestro?.stop()
    await cloud?.close()
  })

  it('creates the first account, which is then the only way in', async () => {
    await page.goto('/servers')
    await page.getByRole('heading', { name: 'Create the first account' }).waitFor()
    await browser.look('first-account')
    await field('Name').fill(PERSON.name)
    await field('E-mail').fill(PERSON.email)
    await field('Password').fill('short')
    await button('Create the account').click()
    await page.getByRole('alert').filter({ hasText: 'at least 10 characters' }).waitFor()
    await field('Password').fill(PERSON.password)
    await button('Create the account').click()
    await page.getByText('Three steps to your inventory').waitFor()
    await browser.look('dashboard-empty')
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain('eyJ')
  })

  it('signs out, refuses a wrong password and signs in to the page that was asked for', async () => {
    await button(/account$/i).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in')
    await page.goto('/connections')
    await field('E-mail').fill(PERSON.email)
    await field('Password').fill('not the password')
    await button('Sign in').click()
    await page.getByRole('alert').waitFor()
    await field('Password').fill(PERSON.password)
    await button('Sign in').click()
    await page.waitForURL('**/connections')
    await page.reload()
    await page.getByText('No connections yet').waitFor()
    await browser.look('connections-empty')
    await page.getByRole('link', { name: 'Servers' }).first().click()
    await page.getByText('No servers yet').waitFor()
    await browser.look('servers-empty')
  })

  it('creates a datacenter, and keeps what was typed over a reload', async () => {
    await page.goto('/')
    await page.getByRole('link', { name: 'Create datacenter' }).click()
    await field('Name').fill('AWS Production')
    await field('Provider').fill('aws')
    await page.reload()
    await field('Name').waitFor()
    expect(await field('Name').inputValue()).toBe('AWS Production')
    for (const region of Object.keys(REGIONS)) {
      await page.getByRole('combobox', { name: 'Regions' }).fill(region)
      await page.getByRole('option', { name: region }).first().click()
    }
    await browser.look('datacenter-form')
    await button('Create datacenter').click()
    await toast('AWS Production created.')
  })

  it('creates a connection after its test has said what is wrong, and then that all is well', async () => {
    await page.goto('/')
    await page.getByRole('link', { name: 'Add connection' }).click()
    await page.getByText('Amazon Web Services').click()
    await field('Name').fill('aws-prod')
    await field('Datacenter').fill('AWS')
    await page.getByRole('option', { name: /AWS Production/ }).click()
    await page.getByLabel(/^Access key/i).fill(demoAccount.accessKeyId)
    await page.getByLabel(/^Secret/i).fill('not-the-secret')
    await page.getByLabel(/endpoint/i).fill(cloud.url)
    await button('Test connection').click()
    await page.getByText('This does not work yet.').waitFor()
    await page.getByLabel(/^Secret/i).fill(demoAccount.secretAccessKey)
    await button('Test connection').click()
    await page.getByText('Everything works.').waitFor()
    await page.getByText('arn:aws:iam::123456789012:user/maestro').waitFor()
    await browser.look('connection-form')
    await button('Create connection').click()
    await page.waitForURL(/\/connections\/[^?]+$/)
    await page.getByRole('heading', { name: 'aws-prod' }).waitFor()
    expect(await page.content()).not.toContain(demoAccount.secretAccessKey)
    await browser.look('connection-new')
  })

  it('sees the run move without reloading, region by region', async () => {
    for (const region of Object.keys(REGIONS))
      cloud.control.setFaults(region, { slowMs: 5_000, actions: ['DescribeInstances'] })
    await button('Sync').click()
    await page.waitForURL(/\/runs\/.+/)
    await page.evaluate('window.untouched = true')
    await page.getByText('Reading', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: /Running now: 1/ }).waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor({ timeout: 60_000 })
    expect(await page.evaluate('window.untouched')).toBe(true)
    for (const region of Object.keys(REGIONS)) cloud.control.clearFaults(region)
    await row('eu-west-1').getByText('Complete').first().waitFor()
    await row('eu-central-1').getByText('Complete').first().waitFor()
    await page
      .getByRole('link', { name: /created/ })
      .first()
      .waitFor()
    await browser.look('run')
  })

  it('cancels a run', async () => {
    for (const region of Object.keys(REGIONS)) cloud.control.setFaults(region, { slowMs: 4_000 })
    await button('Sync again').click()
    await button('Cancel run').click()
    await page.getByText('Cancelled', { exact: true }).first().waitFor({ timeout: 30_000 })
    for (const region of Object.keys(REGIONS)) cloud.control.clearFaults(region)
  })

  it('sets aside what cannot be read, retires nothing because of it, and says what to do', async () => {
    cloud.control.setQuirks('eu-central-1', { withoutInstanceId: 1 })
    await button('Sync again').click()
    await page.getByText('Partly done', { exact: true }).waitFor({ timeout: 60_000 })
    await row('eu-central-1').getByText('Not complete').waitFor()
    await page.getByRole('alert').filter({ hasText: 'could not be identified' }).waitFor()
    await page.getByRole('heading', { name: 'Set aside' }).waitFor()
    await page.locator('summary').first().click()
    await page.locator('pre').first().waitFor()
    await browser.look('run-with-problem')
    cloud.control.setQuirks('eu-central-1', {})
  })

  it('browses, filters and sorts the servers, and the address says how', async () => {
    await page.goto('/servers')
    await page.getByRole('table').waitFor()
    await browser.look('servers')
    await page.goto('/servers?columns=name,region,cpu')
    await page.getByRole('table').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('web')
    await page.keyboard.press('Enter')
    await page.getByText('“web” anywhere').waitFor()
    await button('Add a filter').click()
    await page.getByPlaceholder('Which field?').fill('region')
    await page.keyboard.press('Enter')
    await page.getByPlaceholder('Type to see what exists…').fill('eu-c')
    await page.getByRole('option', { name: /eu-central-1/ }).click()
    await button('Apply').click()
    await page.getByText('region is eu-central-1').waitFor()
    await page.getByRole('button', { name: /^CPU: sort/ }).click()
    await button('Sort descending').click()
    await page.waitForURL(/sort=-CPU/)
    const cpus = async () => (await page.locator('tbody tr td:last-child').allInnerTexts()).map(Number)
    await expect.poll(async () => (await cpus()).length).toBeGreaterThan(1)
    await expect.poll(async () => (await cpus()).join()).toBe((await cpus()).sort((a, b) => b - a).join())
    await page.reload()
    await page.getByText('region is eu-central-1').waitFor()
    await button('Clear all').click()
    await button('Next page').click()
    await page.waitForURL(/after=/)
    await button('Previous page').click()
    await page.waitForURL(/before=/)
  })

  it('retires by keyboard and takes it back', async () => {
    await page.goto('/servers')
    await page.getByRole('table').waitFor()
    const total = await page.locator('h1 + span').innerText()
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
    await button('Retire 2 servers').click()
    await toast('2 servers retired.')
    await expect.poll(() => page.locator('h1 + span').innerText()).not.toBe(total)
    await button('Undo').click()
    await toast('Undone.')
    await expect.poll(() => page.locator('h1 + span').innerText()).toBe(total)
  })

  it('changes a field by hand, and a crawl neither overwrites nor hides it', async () => {
    const { instance, observed } = await aServerWithAnEnvironment()
    await page.getByText(observed, { exact: true }).last().hover()
    await page.getByText('Reported by aws-prod').waitFor()
    await button('Edit Environment').click()
    await page.getByRole('textbox', { name: 'Environment' }).fill('by hand')
    await page.keyboard.press('Enter')
    await toast('Environment saved.')
    await page.getByText('1 value set by hand differs from what is reported').waitFor()
    const address = page.url()

    cloud.control.changeInstances(
      instance.region,
      { ids: [instance.id] },
      { tags: { Environment: 'from the cloud' } },
    )
    await page.goto('/connections')
    await button('Sync aws-prod').click()
    await page.getByText('Succeeded', { exact: true }).waitFor({ timeout: 60_000 })

    await page.goto(address)
    await page.getByText('by hand', { exact: true }).first().waitFor()
    await page.locator('strong', { hasText: 'from the cloud' }).waitFor()
    await browser.look('server')
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByText(PERSON.name).first().waitFor()
    await browser.look('server-history')
    await page.getByRole('tab', { name: 'Overview' }).click()
    await button('Use observed value').click()
    await toast('The observed value holds again.')
    await page.getByText('from the cloud', { exact: true }).last().waitFor()
  })

  it('undoes a change from the history', async () => {
    await page.goto('/history')
    await page
      .getByRole('link', { name: /by hand|Edit|Use|Release|Give/i })
      .first()
      .waitFor()
    await browser.look('history')
    await page.locator('#page ul a').first().click()
    await button('Undo this change').click()
    await toast('Undone.')
    await page.getByText('Undo', { exact: true }).first().waitFor()
    await browser.look('change-set')
  })

  it('finds a thing by what is pasted', async () => {
    await page.goto('/')
    await page.getByText('What changed').waitFor()
    await browser.look('dashboard')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('AWS Prod')
    await page.getByRole('option', { name: /AWS Production/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/datacenters\/.+/)
    await page.getByRole('heading', { name: 'AWS Production' }).waitFor()
    await browser.look('datacenter')
  })

  it('says that the API is away, keeps the input, and goes on by itself', async () => {
    await page.goto('/datacenters?new')
    await field('Name').fill('Typed while away')
    await field('Provider').fill('own')
    await field('Name').click()
    await maestro.killApi()
    await button('Create datacenter').click()
    await page.getByText('Maestro cannot be reached.').first().waitFor()
    await browser.look('away')
    await maestro.startApi()
    await page
      .getByText('Your page and what you typed are kept')
      .waitFor({ state: 'hidden', timeout: 30_000 })
    expect(await field('Name').inputValue()).toBe('Typed while away')
    await button('Start over').click()
  })

  it('answers GraphQL in the browser, subscriptions included, without any foreign host', async () => {
    await page.goto('/graphql')
    await page.locator('.graphiql-query-editor .view-lines').first().waitFor()
    await page.getByRole('button', { name: /Execute query/i }).click()
    await page.getByRole('menuitem', { name: 'BiggestServers' }).click()
    await page.locator('.result-window', { hasText: 'totalCount' }).waitFor()
    expect(await page.locator('.result-window').innerText()).not.toContain('errors')
    await page.getByRole('button', { name: /Execute query/i }).click()
    await page.getByRole('menuitem', { name: 'RunsLive' }).click()
    await page.getByRole('button', { name: /Stop query/i }).waitFor()
    const other = await page.context().newPage()
    await other.goto('/connections')
    await other.getByRole('button', { name: 'Sync aws-prod' }).click()
    await page.locator('.result-window', { hasText: '"state"' }).waitFor()
    await other.close()
  })

  it('met no error, no foreign host and no breach of the content policy on the way', () => {
    expect(browser.faults).toEqual([])
  })

  /** Opens the page of some server whose environment the cloud reports. */
  async function aServerWithAnEnvironment() {
    await page.goto(
      '/servers?f=environment:set&f=region:is:eu-west-1&columns=name,environment,instanceId,region',
    )
    const first = page.locator('tbody tr').first()
    await first.waitFor()
    const [, observed, id] = await first.locator('td').allInnerTexts()
    await first.getByRole('link').first().click()
    await page.waitForURL(/\/servers\/[^?]+$/)
    return { instance: { id: id!, region: 'eu-west-1' }, observed: observed! }
  }
})
