import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './browser.ts'
import { startMaestro, type Maestro } from './maestro.ts'

const PERSON = { name: 'Ada Okafor', email: 'ada@example.com', password: 'a sentence to remember' }

/** What hangs together, what is there twice, and what has happened: told, changed and taken back. */
describe('relations, duplicates and history', () => {
  let maestro: Maestro
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let page: Page
  let token: string
  const ids: Record<string, string> = {}

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const panel = () => page.getByRole('dialog')
  const row = (road: string, name: string) =>
    page
      .getByRole('region', { name: new RegExp(`^${road}`) })
      .getByRole('listitem')
      .filter({ hasText: name })
  const toast = (text: string | RegExp) =>
    page.locator('[data-sonner-toast]', { hasText: text }).first().waitFor()

  /** What a colleague does meanwhile. */
  async function elsewhere(query: string, variables: object = {}) {
    const response = await fetch(`${maestro.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = (await response.json()) as { data: unknown; errors?: { message: string }[] }
    expect(errors).toBeUndefined()
    return data as Record<string, unknown>
  }
  async function add(type: string, input: { name: string } & Record<string, unknown>) {
    const field = type.toLowerCase()
    const { save } = await elsewhere(
      `mutation ($input: ${type}CreateInput!) { save: ${field}Create(input: $input) { made: ${field} { id } } }`,
      { input },
    )
    return (save as { made: { id: string } }).made.id
  }
  async function choose(text: string) {
    await panel().getByLabel('What to add').fill(text)
    await page
      .getByRole('option', { name: new RegExp(text) })
      .first()
      .click()
    await panel().getByRole('listitem').filter({ hasText: text }).waitFor()
  }

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
    token = ''
    const { entered } = await elsewhere(
      'mutation ($email: String!, $password: String!) { entered: sessionCreate(input: { email: $email, password: $password }) { signedIn { accessToken } } }',
      { email: PERSON.email, password: PERSON.password },
    )
    token = (entered as { signedIn: { accessToken: string } }).signedIn.accessToken
    for (const name of ['db-1', 'db-2'])
      ids[name] = await add('Server', { name, hostname: `${name}.example`, environment: 'production' })
    ids.orders = await add('App', { name: 'orders', family: 'DATABASE', databaseEngine: 'ORACLE' })
    ids.shop = await add('App', { name: 'shop' })
    ids.billing = await add('System', { name: 'billing' })
  })

  afterAll(async () => {
    await browser?.close()
    await maestro?.stop()
  })

  it('relates a database to its servers, several at once', async () => {
    await page.goto(`/apps/${ids.orders}?tab=relations`)
    await page.getByText('Not related to anything yet').waitFor()
    await page.getByRole('link', { name: 'Servers' }).last().click()
    await choose('db-1')
    await panel().getByLabel('Role', { exact: true }).fill('primary')
    await panel().getByLabel('Data Guard role').fill('primary')
    await panel().getByLabel('Storage path').fill('DATA')
    await page.keyboard.press('Escape')
    await choose('db-2')
    await panel().getByLabel('Role', { exact: true }).first().fill('replica')
    await page.keyboard.press('Escape')
    await browser.look('relations-editor')
    await button('Save 2 edits').click()
    await toast('Relations saved.')
    await row('Servers', 'db-1').getByText('primary').first().waitFor()
    await row('Servers', 'db-2').getByText('replica').waitFor()
    expect(await row('Servers', 'db-1').innerText()).toContain('Storage path DATA')
  })

  it('says at the field what is wrong, and keeps the rest', async () => {
    await page.goto(`/apps/${ids.shop}?tab=relations&relate=dependencies`)
    await choose('orders')
    await panel().getByLabel('Port').fill('many')
    await button('Save 1 edit').click()
    await panel().getByText('Port must be a number.').waitFor()
    await panel().getByLabel('Port').fill('70000')
    await button('Save 1 edit').click()
    await panel().getByText('A port is a whole number from 0 to 65535.').waitFor()
    // What waits to be saved outlives the page.
    await page.reload()
    expect(await panel().getByLabel('Port').inputValue()).toBe('70000')
    await panel().getByLabel('Port').fill('1521')
    await page.keyboard.press('Control+Enter')
    await toast('Relations saved.')
    await row('Dependencies', 'orders').getByText('1 521').waitFor()
  })

  it('shows both values when somebody else was faster', async () => {
    await row('Dependencies', 'orders').hover()
    await button('Change the relation with orders').click()
    await panel().getByLabel('Port').fill('1522')
    const { app } = (await elsewhere(
      'query ($id: ID!) { app(id: $id) { dependencies { edges { relation { id version } } } } }',
      { id: ids.shop },
    )) as unknown as { app: { dependencies: { edges: { relation: { id: string; version: number } }[] } } }
    await elsewhere(
      'mutation ($input: RelationsUpdateInput!) { relationsUpdate(input: $input) { userErrors { message } } }',
      {
        input: {
          change: [{ ...app.dependencies.edges[0]!.relation, properties: { port: 1600, notes: 'theirs' } }],
        },
      },
    )
    await button('Save 1 edit').click()
    await panel().getByText('Now saved: 1 600').waitFor()
    expect(await panel().getByLabel('Notes').inputValue()).toBe('theirs')
    await browser.look('relations-conflict')
    await button('Save 1 edit').click()
    await panel().waitFor({ state: 'detached' })
    await row('Dependencies', 'orders').getByText('1 522').waitFor()
  })

  it('reads, ends and brings back a relation from its other end', async () => {
    await page.goto(`/servers/${ids['db-2']}?tab=relations`)
    await row('Apps', 'orders').getByText('replica').waitFor()
    await browser.look('relations')
    await row('Apps', 'orders').hover()
    await button('Remove the relation with orders').click()
    await toast('Relation removed.')
    await page.getByText('Not related to anything yet').waitFor()
    await page.locator('[data-sonner-toast]').getByRole('button', { name: 'Undo' }).first().click()
    await row('Apps', 'orders').getByText('replica').waitFor()
  })

  it('follows what a colleague relates, without being asked', async () => {
    await elsewhere(
      'mutation ($input: RelationsUpdateInput!) { relationsUpdate(input: $input) { userErrors { message } } }',
      { input: { add: [{ kind: 'TARGETS', from: ids.shop, to: ids['db-2'] }] } },
    )
    await row('Targeted by', 'shop').waitFor()
  })

  it('finds what is there twice, and merges it with both values in sight', async () => {
    const twin = await add('Server', { name: 'DB-1', hostname: 'db-1.example', cpu: 8, environment: 'prod' })
    await elsewhere(
      'mutation ($input: RelationsUpdateInput!) { relationsUpdate(input: $input) { userErrors { message } } }',
      { input: { add: [{ kind: 'RUNS_ON', from: ids.shop, to: twin }] } },
    )
    await page.goto('/duplicates')
    await page.getByText('2 servers · the same name and the same hostname').waitFor()
    await browser.look('duplicates')
    await page.getByRole('link', { name: 'Merge…' }).click()
    await panel().getByRole('radio', { name: 'Keep db-1, record', exact: false }).first().check()
    await panel().getByText('1 relation and 0 sources move to db-1.').waitFor()
    const environment = panel().getByRole('row', { name: /^Environment/ })
    expect(await environment.getByRole('cell').allInnerTexts()).toEqual(
      expect.arrayContaining(['production', 'prod']),
    )
    await browser.look('merge')
    await button('Merge 2 records into db-1').click()
    await toast('Merged into db-1.')
    await page.getByText('Nothing is suspected').waitFor()
    await page.goto(`/servers/${ids['db-1']}?tab=relations`)
    await row('Apps', 'shop').waitFor()
    await row('Apps', 'orders').waitFor()
    await page.goto(`/servers/${twin}`)
    await page.getByText('This turned out to be the same as').waitFor()
  })

  it('tells who changed what, by a link that a colleague can open', async () => {
    await elsewhere(
      'mutation ($input: ServerUpdateInput!) { serverUpdate(input: $input) { userErrors { message } } }',
      { input: { id: ids['db-2'], version: 1, cpu: 4, role: 'database' } },
    )
    await page.goto('/history?text=ada&of=SERVER&field=cpu&since=24h')
    await expect.poll(() => page.locator('#page ul > li').count()).toBe(2)
    await browser.look('history-filtered')
    await page.getByRole('link', { name: /Change db-2/ }).click()
    await elsewhere(
      'mutation ($input: ServerUpdateInput!) { serverUpdate(input: $input) { userErrors { message } } }',
      { input: { id: ids['db-2'], version: 2, cpu: 16 } },
    )
    await button('Undo this change').click()
    await page.getByRole('heading', { name: /^Left as it is/ }).waitFor()
    await browser.look('change-set-kept')
    await page.goto('/history?text=nobody')
    await page.getByText('No change fits this filter').waitFor()
  })

  it('looks at the past, where nothing can be changed, and comes back', async () => {
    await page.goto(`/apps/${ids.orders}?tab=history`)
    const first = page.getByRole('listitem').filter({ hasText: 'Created' })
    await first.getByRole('link', { name: 'See it as it was then' }).click()
    await page.getByText(/^As of /).waitFor()
    await page.getByRole('tab', { name: 'Relations' }).click()
    await page.getByText('Not related to anything yet').waitFor()
    expect(await page.getByRole('button', { name: 'Retire' }).count()).toBe(0)
    await browser.look('as-of')
    // Whoever follows a link stays in the past: the servers are there, as they were named then.
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Servers' }).click()
    await page.waitForURL(/\/servers\?asOf=/)
    await page.getByRole('row', { name: /db-2/ }).waitFor()
    await button('Back to now').click()
    await page.waitForURL(/\/servers$/)
  })

  it('tells what is different between two times', async () => {
    await page.goto('/history/diff?since=1h&of=SERVER')
    const came = page.getByRole('listitem').filter({ hasText: 'Came' })
    await came.filter({ hasText: 'db-2' }).waitFor()
    await browser.look('inventory-diff')
    await page.goto('/history/diff?since=1h&of=FLAVOR')
    await page.getByText('Nothing is different').waitFor()
  })

  it('met no error and no foreign host on the way', () => {
    expect(browser.faults).toEqual([])
  })
})
