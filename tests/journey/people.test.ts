import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askGraphql } from '../../dev/askGraphql.ts'
import { type Smtp, startSmtp } from '../../dev/testing/smtp.ts'
import { openBrowser } from './browser.ts'
import { type Maestro, startMaestro } from './maestro.ts'

const ADA = { name: 'Ada Okafor', email: 'ada@example.com', password: 'a sentence to remember' }
const BEN = { name: 'Ben Okri', email: 'ben@example.com', password: 'another sentence of words' }

/** People find into a team and into their accounts again, by the mails that they get; each step begins where the one before ended. */
describe('people of one estate', () => {
  let smtp: Smtp
  let maestro: Maestro
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let ada: Page
  let ben: Page

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })
  const toast = (page: Page, text: string | RegExp) =>
    page.locator('[data-sonner-toast]', { hasText: text }).first().waitFor()

  /** The link in the newest mail to somebody. */
  async function linkTo(email: string, subject: RegExp): Promise<string> {
    const newest = () =>
      smtp.received.findLast(({ to, mail }) => to.includes(email) && subject.test(mail.subject ?? ''))
    await expect.poll(newest, { timeout: 20_000 }).toBeDefined()
    const { mail } = newest()!
    const [link] = /http\S+token=[\w-]+/.exec(mail.text ?? '') ?? []
    expect(String(mail.html)).toContain(link)
    return link!
  }

  beforeAll(async () => {
    smtp = await startSmtp({ tls: 'NONE' })
    maestro = await startMaestro({ SMTP_URL: smtp.url })
    browser = await openBrowser(maestro.url)
    ada = browser.page
  })
  afterAll(async () => {
    await browser?.close()
    await maestro?.stop()
    await smtp?.stop()
  })

  it('makes a team, and works in it', async () => {
    await ada.goto('/')
    await field(ada, 'Name').fill(ADA.name)
    await field(ada, 'E-mail').fill(ADA.email)
    await field(ada, 'Password').fill(ADA.password)
    await button(ada, 'Create the account').click()
    await ada.getByText('Three steps to your inventory').waitFor()
    await addServer('private-1')
    await ada.goto('/teams')
    await ada.getByText('You are in no team yet').waitFor()
    await browser.look('teams-empty')
    await ada.goto('/teams?new')
    await field(ada, 'Name').fill('Operations')
    await button(ada, 'Create team').click()
    await ada.getByRole('heading', { name: 'Operations' }).waitFor()
    await addServer('team-1', ada.url().split('/').at(-1)!.split('?')[0])
    await browser.look('team')
  })

  it('invites somebody, who accepts and sees exactly what is the team’s', async () => {
    await ada.getByPlaceholder('name@example.org').fill(BEN.email)
    await button(ada, 'Send invitation').click()
    await toast(ada, `An invitation is on its way to ${BEN.email}.`)
    const link = await linkTo(BEN.email, /Join Operations/)
    ben = await browser.another()
    await ben.goto(link)
    await ben.getByRole('heading', { name: 'Join Operations' }).waitFor()
    await browser.look('invitation', ben)
    await field(ben, 'Name').fill(BEN.name)
    await field(ben, 'Password').fill(BEN.password)
    await button(ben, 'Create an account and join').click()
    await toast(ben, 'You are in Operations now.')
    await ben.goto('/servers')
    await ben.getByRole('link', { name: 'team-1' }).waitFor()
    expect(await ben.getByText('private-1').count()).toBe(0)
    expect(await ben.locator('h1 + span').innerText()).toBe('1')
    await ben.goto(link)
    await ben.getByText('This invitation is worth nothing now').waitFor()
  })

  it('shares one thing more, which is there at once', async () => {
    await ada.goto('/servers')
    await ada.getByRole('link', { name: 'private-1' }).first().click()
    await ada.getByRole('tab', { name: 'Access' }).click()
    await button(ada, 'Change access').click()
    await ada.getByRole('dialog').getByRole('combobox').first().fill('Ben')
    await ada.getByRole('option', { name: /Ben Okri/ }).click()
    await browser.look('access')
    await ada.getByRole('dialog').getByRole('button', { name: /^Save/ }).click()
    await ada.getByText(BEN.name).first().waitFor()
    await ben.goto('/servers')
    await ben.getByRole('link', { name: 'private-1' }).waitFor()
  })

  it('chooses a new password by the mail, when the old one is forgotten', async () => {
    await ben.getByRole('button', { name: /account$/i }).click()
    await ben.getByRole('menuitem', { name: 'Sign out' }).click()
    await ben.waitForURL('**/sign-in')
    await ben.getByRole('link', { name: 'Forgotten your password?' }).click()
    await ben.waitForURL('**/forgot-password')
    await field(ben, 'E-mail').fill(BEN.email)
    await button(ben, 'Send the link').click()
    await ben.getByText('Look into your mail').waitFor()
    const link = await linkTo(BEN.email, /new password/)
    await ben.goto(link)
    await browser.look('reset-password', ben)
    await field(ben, 'New password').fill('yet another sentence')
    await field(ben, 'The same again').fill('yet another sentence')
    await button(ben, 'Set the password').click()
    await ben.waitForURL('**/sign-in')
    await field(ben, 'E-mail').fill(BEN.email)
    await field(ben, 'Password').fill(BEN.password)
    await button(ben, 'Sign in').click()
    await ben.getByRole('alert').waitFor()
    await field(ben, 'Password').fill('yet another sentence')
    await button(ben, 'Sign in').click()
    await ben.getByRole('link', { name: 'Servers' }).first().waitFor()
    await ben.goto(link)
    await field(ben, 'New password').fill('one more sentence')
    await field(ben, 'The same again').fill('one more sentence')
    await button(ben, 'Set the password').click()
    await ben.getByText('was used already or has run out').waitFor()
  })

  it('ends a sign-in elsewhere, and that browser leaves at once', async () => {
    const elsewhere = await browser.another()
    await elsewhere.goto('/sign-in')
    await field(elsewhere, 'E-mail').fill(BEN.email)
    await field(elsewhere, 'Password').fill('yet another sentence')
    await button(elsewhere, 'Sign in').click()
    await elsewhere.getByRole('link', { name: 'Servers' }).first().waitFor()
    await elsewhere.goto('/servers')
    await elsewhere.getByRole('link', { name: 'team-1' }).waitFor()

    await ben.goto('/settings?tab=security')
    await ben.getByText('this one').waitFor()
    await browser.look('security', ben)
    await ben
      .getByRole('button', { name: /^Sign out: / })
      .first()
      .click()
    await elsewhere.waitForURL(/\/sign-in/, { timeout: 5_000 })
    expect(await elsewhere.getByText('team-1').count()).toBe(0)
    await ben.reload()
    await ben.getByText('this one').waitFor()
  })

  it('leaves a trace of it all for the administrator', async () => {
    await ada.goto('/administration')
    await ada.getByText(BEN.email).first().waitFor()
    await browser.look('administration')
    await ada.goto('/administration?tab=audit')
    await ada.getByText(BEN.name).first().waitFor()
    await browser.look('audit')
    await ada.goto('/administration?tab=mails')
    await ada.getByText('Join Operations in Maestro').first().waitFor()
  })

  it('keeps the catalogue, which forms suggest from', async () => {
    await ada.goto('/administration?tab=catalogue')
    await ada.getByRole('searchbox', { name: 'Find by name or tag' }).fill('rabbit')
    await ada.getByText('1 service', { exact: true }).waitFor()
    await browser.look('catalogue')
    await ada.getByRole('link', { name: 'Add service' }).click()
    await field(ada, 'Name').fill('Pigeon Post')
    await button(ada, 'Add').click()
    await ada.getByText('Please choose at least one family.').waitFor()
    await ada.getByRole('checkbox', { name: 'Broker' }).check()
    await ada.getByRole('checkbox', { name: 'Managed' }).check()
    await button(ada, 'Add').click()
    await toast(ada, 'Pigeon Post is suggested from now on.')

    await ada.getByRole('link', { name: 'Options', exact: true }).click()
    await ada.getByRole('link', { name: 'sandbox' }).click()
    await ada.getByRole('dialog').getByRole('button', { name: 'Take out' }).click()
    await ada.getByRole('link', { name: /^sandbox.*taken out$/ }).waitFor()
    await browser.look('catalogue-options')

    await ada.goto('/apps?new&f=family:is:BROKER')
    const box = (name: string) => ada.getByRole('dialog').getByRole('combobox', { name, exact: true })
    await field(ada, 'Name').fill('carrier')
    await box('Environment').click()
    await ada.getByRole('option', { name: 'development' }).waitFor()
    expect(await ada.getByRole('option', { name: 'sandbox' }).count()).toBe(0)
    await ada.getByRole('option', { name: 'development' }).click()
    await box('Product').fill('pige')
    await ada.getByRole('option', { name: 'Pigeon Post' }).click()
    // The service is managed, so the app is, while nobody has said otherwise.
    await ada.getByRole('dialog').getByLabel('Managed', { exact: true }).getByText('Yes').waitFor()
    await button(ada, 'Create app').click()
    await ada.getByRole('link', { name: 'carrier' }).first().click()
    await ada.getByText('Pigeon Post').first().waitFor()
  })

  it('met no error, no foreign host and no breach of the content policy on the way', () => {
    expect(browser.faults).toEqual([])
  })

  /** Adds a server as a script of Ada's would. */
  async function addServer(name: string, team?: string) {
    const begin = askGraphql(`${maestro.url}/graphql`)
    const { sessionCreate } = await begin<{ sessionCreate: { signedIn: { accessToken: string } } }>(
      'mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { signedIn { accessToken } userErrors { message } } }',
      { input: { email: ADA.email, password: ADA.password } },
    )
    const ask = askGraphql(`${maestro.url}/graphql`, sessionCreate.signedIn.accessToken, team)
    await ask(
      'mutation ($name: String!) { serverCreate(input: { name: $name }) { userErrors { message } } }',
      { name },
    )
  }
})
