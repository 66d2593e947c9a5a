import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startReceiver } from '../receiver.ts'
import { openBrowser } from './browser.ts'
import { type Maestro, startMaestro } from './maestro.ts'

const PERSON = { name: 'Sam Schedule', email: 'sam@example.com', password: 'a-long-enough-password' }

describe('what happens without anybody asking', () => {
  let maestro: Maestro
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  let page: Page
  const button = (name: string | RegExp) => page.getByRole('button', { name })

  beforeAll(async () => {
    receiver = await startReceiver()
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
    await receiver?.close()
  })

  it('adds a webhook, keeps its secret once, and tries it', async () => {
    await page.goto('/webhooks')
    await page.getByText('No webhooks yet').waitFor()
    await browser.look('webhooks-empty')
    await button('New webhook').first().click()
    await page.getByLabel('Name').fill('Chat of operations')
    await page.getByLabel('Address').fill('http://169.254.169.254/latest')
    await button('Save').click()
    await page.getByText('not a place that Maestro may call').waitFor()
    await page.getByLabel('Address').fill(`${receiver.url}/hook`)
    await browser.look('webhook-form')
    await button('Save').click()
    expect(await page.getByLabel('Secret that signs each call').inputValue()).toMatch(/^whsec_/)
    await button('Done').click()
    await page.getByText('Chat of operations').waitFor()
    await browser.look('webhooks')
    await button('Deliveries').click()
    await button('Try it').click()
    await page.getByText('It was taken: status 200.').waitFor()
    expect(receiver.received).toHaveLength(1)
  })

  it('shows request, answer and attempts, and sends a message again', async () => {
    await page.getByText('webhook.try', { exact: true }).click()
    await page.getByText(`POST ${receiver.url}/hook`).last().waitFor()
    await page.getByText('thank you').waitFor()
    await browser.look('webhook-deliveries')
    await button('Send again').click()
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(2)
    const [first, second] = receiver.received
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
    await page.keyboard.press('Escape')
  })

  it('makes a schedule whose next times are told in words', async () => {
    await page.goto('/schedules')
    await button('New schedule').first().click()
    await page.getByLabel('Name').fill('Monday morning')
    await page.getByLabel('On what').click()
    await page.getByRole('option', { name: 'Chat of operations' }).click()
    await page.getByLabel('When').click()
    await page.getByRole('option', { name: 'By a cron expression' }).click()
    await page.getByLabel('Cron expression').fill('often')
    await page.getByText('This is not a cron expression').waitFor()
    await page.getByLabel('Cron expression').fill('30 6 * * 1')
    await page.getByLabel('Time zone').fill('Europe/Berlin')
    await page.getByText('Every Monday at 06:30 in Europe/Berlin').waitFor()
    expect(await page.getByText(/^Monday, .* at 06:30$/).count()).toBe(5)
    await browser.look('schedule-form')
    await button('Save').click()
    await page.getByText('calls Chat of operations · Every Monday at 06:30 in Europe/Berlin').waitFor()
    await browser.look('schedules')
  })

  it('runs it by hand, pauses it, and deletes it', async () => {
    await button('Run Monday morning now').click()
    await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(3)
    expect(JSON.parse(receiver.received[2]!.body)).toMatchObject({
      type: 'schedule.due',
      data: { schedule: 'Monday morning' },
    })
    await button('Pause Monday morning').click()
    await button('Let Monday morning go on').waitFor()
    await button('Delete Monday morning').click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete Monday morning' }).click()
    await page.getByText('No schedules of your own yet').waitFor()
  })
})
