import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { ObjectId } from 'mongodb'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { startTestApi, type TestApiOptions } from '../api/testing.ts'
import { certificate } from '../dev/testing/certificate.ts'
import { startServices } from '../dev/services/services.ts'
import { type Smtp, type SmtpOptions, startSmtp } from '../dev/testing/smtp.ts'
import { openBody } from '../core/platform/mail/body.ts'
import type { MailContent } from '../core/platform/mail/compose.ts'
import { deliverMail } from '../core/platform/mail/deliver.ts'
import { mailsOf } from '../core/platform/mail/mail.ts'
import { openMailer } from '../core/platform/mail/open.ts'
import { sendMail } from '../core/platform/mail/send.ts'
import { startWorkers } from '../workers/workers.ts'

let folder: string
const closing: (() => unknown)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-mail-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  rmSync(folder, { recursive: true, force: true })
})

interface Outcome {
  id: string
  what: string
  to: string
  subject: string
  state: string
  text: string | null
  html: string | null
  sentAt: string | null
  attempts: number
  nextAttemptAt: string | null
  problem: string | null
}
const fields = 'id what to subject state text html sentAt attempts nextAttemptAt problem'

const content: MailContent = {
  what: 'INVITATION',
  to: 'grace@example.org',
  subject: 'Your invitation to Maestro',
  greeting: 'Hello Grace,',
  paragraphs: ['Ada invites you.', 'Maestro knows what runs where.'],
  link: { label: 'Accept the invitation', path: '/invitation?token=a&b=<c>' },
  closing: 'The link works once.',
}

async function mailServer(options?: SmtpOptions): Promise<Smtp> {
  const smtp = await startSmtp(options)
  closing.push(() => smtp.stop())
  return smtp
}

/** The real API and workers, with a mail server or without one. */
async function installation(settings: TestApiOptions['settings'], options: { workers?: false } = {}) {
  const api = await startTestApi({
    settings: { MAIL_DIR: join(folder, 'mail'), ...settings },
  })
  closing.push(() => api.close())
  const work = async () => {
    const workers = await startWorkers(api.core)
    let closed: Promise<void> | undefined
    const close = () => (closed ??= workers.close())
    closing.push(close)
    return { close }
  }
  if (options.workers !== false) await work()
  const { token } = await api.signUp('Ada')
  const query = async (document: string, variables: Record<string, unknown> = {}) => {
    const answer = await api.query(document, variables, token)
    expect(answer.errors).toBeUndefined()
    return answer.data
  }
  const newest = async (): Promise<Outcome> =>
    (await query(`{ mails(first: 1) { nodes { ${fields} } } }`)).mails.nodes[0]
  return {
    api,
    core: api.core,
    query,
    token,
    work,
    newest,
    /** Writes a mail; how it stands once the workers have tried it. */
    async send(more: Partial<MailContent> = {}): Promise<Outcome> {
      await sendMail(api.core, { ...content, ...more })
      await expect
        .poll(async () => (await newest()).problem ?? (await newest()).state, { timeout: 10_000 })
        .not.toBe('QUEUED')
      return newest()
    },
    retry: async (id: string) =>
      (
        await query(
          `mutation ($id: ID!) { mailRetry(input: { id: $id }) { mail { ${fields} } userErrors { code message } } }`,
          { id },
        )
      ).mailRetry,
  }
}

const trusting = () => {
  const path = join(folder, 'authority.pem')
  writeFileSync(path, certificate)
  return path
}

describe('a mail', () => {
  it('arrives as text and as HTML, once, and its body is not kept', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    const own = await installation({ SMTP_URL: smtp.url, MAIL_FROM: 'Maestro, here <maestro@example.org>' })
    expect(await own.send()).toMatchObject({
      what: 'INVITATION',
      state: 'SENT',
      text: null,
      html: null,
      attempts: 1,
      nextAttemptAt: null,
      problem: null,
      sentAt: expect.any(String),
    })
    expect(await mailsOf(own.core).findOne()).not.toHaveProperty('body')
    const [{ mail, from, to }] = smtp.received as [(typeof smtp.received)[0]]
    expect({ from, to }).toEqual({ from: 'maestro@example.org', to: ['grace@example.org'] })
    expect(mail.from!.value).toEqual([{ name: 'Maestro, here', address: 'maestro@example.org' }])
    expect(mail.subject).toBe('Your invitation to Maestro')
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
    const link = `${own.core.baseUrl}/invitation?token=a&b=%3Cc%3E`
    expect(mail.text).toContain(`Accept the invitation:\n${link}\n`)
    for (const text of ['Hello Grace,', 'Ada invites you.', 'The link works once.']) {
      expect(mail.text).toContain(text)
      expect(mail.html).toContain(`>${text}<`)
    }
    expect(mail.html).toContain(`href="${link.replace('&', '&amp;')}"`)
    expect(mail.html).not.toMatch(/<(img|script|link|style)\b|url\(/i)
    expect(smtp.received).toHaveLength(1)
  })

  it('cannot be turned into another one by a name', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    const own = await installation({ SMTP_URL: smtp.url })
    const name = 'Eve\r\nBcc: x@y.example\r\n\r\n<script src="https://evil.example">&\u202egpj'
    await own.send({ subject: `${name} invites you`, greeting: name, paragraphs: [name], closing: name })
    const [{ mail, to, raw }] = smtp.received as [(typeof smtp.received)[0]]
    expect(to).toEqual(['grace@example.org'])
    expect([...mail.headers.keys()]).not.toContain('bcc')
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toMatch(/^Bcc:/im)
    expect(mail.subject).toMatch(/^Eve Bcc: x@y\.example <script .* invites you$/)
    expect(mail.html).not.toContain('<script')
    expect(mail.html).toContain('&lt;script')
    for (const body of [mail.text!, mail.html as string]) {
      expect(body).toContain('Eve Bcc')
      expect(body).not.toContain('evil.example')
      expect(body).not.toContain('\u202e')
    }
    const links = [...(mail.html as string).matchAll(/href="([^"]*)"/g)].map(([, link]) => link!)
    expect(links).toHaveLength(2)
    expect(links.every((link) => link.startsWith(`${own.core.baseUrl}/`))).toBe(true)
  })

  it('goes to one address, or to nobody', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    const own = await installation({ SMTP_URL: smtp.url })
    const both = await own.send({ to: 'grace@example.org, eve@example.org' })
    const injected = await own.send({ to: 'grace@example.org>\r\nRCPT TO:<eve@example.org' })
    expect([both.state, injected.state]).toEqual(['FAILED', 'FAILED'])
    expect(smtp.received).toEqual([])
  })

  it('is sealed in the database', async () => {
    const own = await installation({}, { workers: false })
    await sendMail(own.core, content)
    const record = await mailsOf(own.core).findOne()
    expect(JSON.stringify(record)).not.toMatch(/invitation\?token|Hello/)
    expect(openBody(own.core.config, record!.body!)!.text).toContain('/invitation?token=a')
    expect(await own.newest()).toMatchObject({
      state: 'QUEUED',
      text: expect.stringContaining('Hello Grace'),
    })
  })
})

describe('TLS', () => {
  it('is used where it is offered and the authority is known', async () => {
    const smtp = await mailServer({ account: { user: 'maestro@here', password: 'p@ss:w/rd%' } })
    const own = await installation({ SMTP_URL: smtp.url, SMTP_TLS: 'required', SMTP_CA: trusting() })
    expect(await own.send()).toMatchObject({ state: 'SENT' })
    expect(smtp.received).toMatchObject([{ secure: true, user: 'maestro@here' }])
  })

  it('may be there from the first byte on', async () => {
    const smtp = await mailServer({ tls: 'FROM_THE_START' })
    const own = await installation({ SMTP_URL: smtp.url, SMTP_CA: trusting() })
    expect(await own.send()).toMatchObject({ state: 'SENT' })
    expect(smtp.received).toMatchObject([{ secure: true }])
  })

  it.each(['STARTTLS', 'FROM_THE_START'] as const)(
    'is refused from a stranger, and the mail waits (%s)',
    async (tls) => {
      const smtp = await mailServer({ tls })
      const own = await installation({ SMTP_URL: smtp.url })
      const mail = await own.send()
      expect(mail).toMatchObject({
        state: 'QUEUED',
        attempts: 1,
        problem: expect.stringContaining('SMTP_CA'),
      })
      expect(smtp.received).toEqual([])
    },
  )

  it('may be with a stranger where the operator says so', async () => {
    const smtp = await mailServer()
    const own = await installation({ SMTP_URL: smtp.url, SMTP_ALLOW_BAD_CERTIFICATE: 'true' })
    expect(await own.send()).toMatchObject({ state: 'SENT' })
    expect(smtp.received).toMatchObject([{ secure: true }])
  })

  it('can be required, so that nothing is said in the clear', async () => {
    const smtp = await mailServer({ tls: 'NONE', account: { user: 'maestro', password: 'secret' } })
    const own = await installation({ SMTP_URL: smtp.url, SMTP_TLS: 'required' })
    expect(await own.send()).toMatchObject({ state: 'QUEUED', problem: expect.stringContaining('SMTP_TLS') })
    expect(smtp.received).toEqual([])
  })

  it('can be off', async () => {
    const smtp = await mailServer()
    const own = await installation({ SMTP_URL: smtp.url, SMTP_TLS: 'off' })
    expect(await own.send()).toMatchObject({ state: 'SENT' })
    expect(smtp.received).toMatchObject([{ secure: false }])
  })
})

describe('a mail server on a bad day', () => {
  it('refuses the sign-in: the mail waits, and says why without the password', async () => {
    const smtp = await mailServer({ tls: 'NONE', account: { user: 'maestro', password: 'right' } })
    const own = await installation({ SMTP_URL: smtp.url.replace('right', 'hunter2') })
    const mail = await own.send()
    expect(mail).toMatchObject({ state: 'QUEUED', problem: expect.stringContaining('535') })
    expect(mail.problem).toContain('SMTP_URL')
    expect(mail.problem).not.toContain('hunter2')
    expect(smtp.received).toEqual([])
  })

  it('refuses a recipient for good: the mail has failed, until an administrator tries again', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    const own = await installation({ SMTP_URL: smtp.url })
    smtp.answers.push(550)
    const failed = await own.send()
    expect(failed).toMatchObject({ state: 'FAILED', attempts: 1, nextAttemptAt: null, sentAt: null })
    expect(failed.problem).toContain('550')
    expect(failed.text).toContain('Hello Grace')
    expect(smtp.received).toEqual([])
    expect(await own.retry(failed.id)).toMatchObject({
      mail: { state: 'QUEUED', problem: null },
      userErrors: [],
    })
    await expect.poll(async () => (await own.newest()).state).toBe('SENT')
    expect(smtp.received).toHaveLength(1)
    expect((await own.retry(failed.id)).userErrors).toMatchObject([{ code: 'CONFLICT' }])
    expect(smtp.received).toHaveLength(1)
  })

  it('is busy: the mail goes out by itself some seconds later', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    const own = await installation({ SMTP_URL: smtp.url })
    smtp.answers.push(451)
    const before = Date.now()
    const waiting = await own.send()
    expect(waiting).toMatchObject({ state: 'QUEUED', attempts: 1, problem: expect.stringContaining('451') })
    expect(Date.parse(waiting.nextAttemptAt!) - before).toBeGreaterThan(9_000)
    await expect.poll(async () => (await own.newest()).state, { timeout: 20_000 }).toBe('SENT')
    expect(Date.now() - before).toBeGreaterThan(9_000)
    expect(await own.newest()).toMatchObject({ attempts: 2, problem: null, text: null })
    expect(smtp.received).toHaveLength(1)
  }, 40_000)

  it('is away, and back: nothing is lost, and nothing waits longer than an administrator wants', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    await smtp.stop()
    const own = await installation({ SMTP_URL: smtp.url })
    const waiting = await own.send()
    expect(waiting).toMatchObject({ state: 'QUEUED', problem: expect.stringContaining('cannot be reached') })
    await smtp.start()
    await own.retry(waiting.id)
    await expect.poll(async () => (await own.newest()).state, { timeout: 5_000 }).toBe('SENT')
    expect(smtp.received).toHaveLength(1)
  })

  it('is given up in the end', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    const own = await installation({ SMTP_URL: smtp.url }, { workers: false })
    const mailer = openMailer(own.core.config)
    closing.push(() => mailer.close())
    await sendMail(own.core, content)
    const { _id } = (await mailsOf(own.core).findOne())!
    const pauses: number[] = []
    for (let due: Date | null = new Date(); due;) {
      smtp.answers.push(451)
      due = await deliverMail(own.core, mailer, _id)
      if (!due) break
      pauses.push(Math.round((+due - Date.now()) / 1000))
      expect(await deliverMail(own.core, mailer, _id)).toEqual(due)
      await mailsOf(own.core).updateOne({ _id }, { $set: { nextAttemptAt: new Date() } })
    }
    expect(pauses).toEqual([10, 60, 300, 1800, 7200])
    expect(await own.newest()).toMatchObject({
      state: 'FAILED',
      attempts: 6,
      problem: expect.stringContaining('451'),
    })
  })
})

describe('several workers', () => {
  it('send a mail once, however many reach for it', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    smtp.slowMs = 1500
    const own = await installation({ SMTP_URL: smtp.url })
    await own.work()
    const mailers = [openMailer(own.core.config), openMailer(own.core.config)]
    closing.push(() => mailers.forEach((mailer) => mailer.close()))
    await sendMail(own.core, content)
    const { _id } = (await mailsOf(own.core).findOne())!
    const reaching = Array.from({ length: 20 }, (_, at) => deliverMail(own.core, mailers[at % 2]!, _id))
    expect((await own.retry((await own.newest()).id)).userErrors).toMatchObject([{ code: 'LOCKED' }])
    await Promise.all(reaching)
    await expect.poll(async () => (await own.newest()).state, { timeout: 5_000 }).toBe('SENT')
    expect(await own.newest()).toMatchObject({ attempts: 1 })
    expect(smtp.received).toHaveLength(1)
  })

  it('share many mails, each of which arrives once', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    const own = await installation({ SMTP_URL: smtp.url })
    await own.work()
    const to = Array.from({ length: 60 }, (_, at) => `person${at}@example.org`)
    await Promise.all(to.map((one) => sendMail(own.core, { ...content, to: one })))
    await expect.poll(() => smtp.received.length, { timeout: 15_000 }).toBe(60)
    await expect.poll(() => mailsOf(own.core).countDocuments({ state: 'SENT' as never })).toBe(60)
    expect(smtp.received.flatMap((one) => one.to).sort()).toEqual(to.sort())
  })

  it('take up what a lost one had, and what fell out of the queue, but not what another one has', async () => {
    const smtp = await mailServer({ tls: 'NONE' })
    const own = await installation({ SMTP_URL: smtp.url }, { workers: false })
    const ago = (ms: number) => new Date(Date.now() - ms)
    for (const subject of ['lost', 'fallen', 'held']) await sendMail(own.core, { ...content, subject })
    await own.core.queue('mail').obliterate({ force: true })
    const set = (subject: string, fields: object) =>
      mailsOf(own.core).updateOne({ subject }, { $set: fields })
    await set('lost', {
      nextAttemptAt: ago(200_000),
      leaseUntil: ago(30_000),
      lease: new ObjectId(),
      attempts: 1,
    })
    await set('fallen', { nextAttemptAt: ago(30_000) })
    await set('held', {
      nextAttemptAt: ago(30_000),
      leaseUntil: ago(-60_000),
      lease: new ObjectId(),
      attempts: 1,
    })
    await own.work()
    await expect.poll(() => smtp.received.length).toBe(2)
    expect(smtp.received.map(({ mail }) => mail.subject).sort()).toEqual(['fallen', 'lost'])
    const { mails } = await own.query('{ mails { nodes { subject state attempts } } }')
    expect(mails.nodes).toContainEqual({ subject: 'lost', state: 'SENT', attempts: 2 })
    expect(mails.nodes).toContainEqual({ subject: 'held', state: 'QUEUED', attempts: 1 })
  })

  it('get what was written while Redis was away, and nobody waited for that', async () => {
    const services = await startServices({ dataDir: join(folder, 'services'), mongoUri: inject('mongoUri') })
    closing.push(() => services.stop())
    const smtp = await mailServer({ tls: 'NONE' })
    const own = await installation({ SMTP_URL: smtp.url, REDIS_URL: services.redisUrl })
    await services.redis!.kill()
    const before = Date.now()
    await sendMail(own.core, content)
    expect(Date.now() - before).toBeLessThan(1_000)
    expect(smtp.received).toEqual([])
    await services.redis!.restart()
    await expect.poll(async () => (await own.newest()).state, { timeout: 60_000 }).toBe('SENT')
    expect(smtp.received).toHaveLength(1)
  }, 90_000)

  it('forget what is older than 30 days, with its file', async () => {
    const own = await installation({})
    const kept = await own.send({ subject: 'new' })
    const day = 24 * 3600 * 1000
    const old = new Date(Date.now() - 31 * day)
    const record = (await mailsOf(own.core).findOne())!
    const _id = ObjectId.createFromTime(+old / 1000)
    await mailsOf(own.core).insertOne({ ...record, _id, createdAt: old, subject: 'old' })
    const file = `${old.toISOString().replace(/[:.]/g, '-')}-${_id.toHexString()}.eml`
    writeFileSync(join(folder, 'mail', file), '')
    await own.work()
    await expect.poll(() => mailsOf(own.core).countDocuments()).toBe(1)
    expect(await own.newest()).toMatchObject({ id: kept.id })
    expect(readdirSync(join(folder, 'mail'))).toHaveLength(1)
  })
})

describe('without a mail server', () => {
  it('mails are kept in a folder that nobody else can read, and in the outbox', async () => {
    const own = await installation({})
    const kept = await own.send({ subject: '../../etc/Grüße', to: 'grace@example.org' })
    expect(kept).toMatchObject({ state: 'KEPT', sentAt: null, problem: null, to: 'grace@example.org' })
    expect(kept.text).toContain(`${own.core.baseUrl}/invitation?token=a`)
    expect(kept.html).toContain('<p>Hello Grace,</p>')
    const [file, ...others] = readdirSync(join(folder, 'mail'))
    expect(others).toEqual([])
    expect(file).toMatch(/^\d{4}-\d\d-\d\dT[\d-]+Z-[0-9a-f]{24}\.eml$/)
    const path = join(folder, 'mail', file!)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'mail')).mode & 0o777).toBe(0o700)
    const mail = await simpleParser(readFileSync(path))
    expect(mail.subject).toBe('../../etc/Grüße')
    expect(mail.text!.trim()).toBe(kept.text!.trim())
  })

  it('a folder that cannot be written delays them', async () => {
    writeFileSync(join(folder, 'mail'), 'a file where the folder should be')
    const own = await installation({})
    expect(await own.send()).toMatchObject({ state: 'QUEUED', problem: expect.stringContaining('MAIL_DIR') })
  })

  it('those that were kept can be sent when there is one', async () => {
    const own = await installation({}, { workers: false })
    const before = await own.work()
    const kept = await own.send()
    expect((await own.retry(kept.id)).userErrors).toMatchObject([{ code: 'UNSUPPORTED' }])
    await before.close()
    const smtp = await mailServer({ tls: 'NONE' })
    own.core.config.SMTP_URL = smtp.url
    await own.work()
    expect(await own.retry(kept.id)).toMatchObject({ mail: { state: 'QUEUED' } })
    await expect.poll(async () => (await own.newest()).state).toBe('SENT')
    expect(smtp.received).toMatchObject([{ mail: { subject: content.subject } }])
  })
})

describe('the outbox', () => {
  it('is for administrators', async () => {
    const own = await installation({}, { workers: false })
    await sendMail(own.core, content)
    const { id } = await own.newest()
    const { token } = await own.api.signUp('Grace')
    for (const document of [
      '{ mails { nodes { id } } }',
      `{ mail(id: "${id}") { text } }`,
      `mutation { mailRetry(input: { id: "${id}" }) { mail { text } } }`,
    ]) {
      const answer = await own.api.query(document, {}, token)
      expect(answer.errors, document).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
      expect(answer.data ?? {}).not.toHaveProperty('mails')
    }
    const found = '($id: ID!) { node(id: $id) { id ... on Mail { to } } }'
    expect((await own.api.query(`query ${found}`, { id }, token)).data).toEqual({ node: null })
    expect(await own.query(`query ${found}`, { id })).toEqual({ node: { id, to: 'grace@example.org' } })
  })

  it('does not tell an API token what is in a mail', async () => {
    const own = await installation({}, { workers: false })
    await sendMail(own.core, content)
    const { apiTokenCreate } = await own.query(
      'mutation ($expiresAt: DateTimeISO!) { apiTokenCreate(input: { name: "robot", level: ADMIN, expiresAt: $expiresAt }) { secret userErrors { message } } }',
      { expiresAt: new Date(Date.now() + 3600_000).toISOString() },
    )
    expect(apiTokenCreate.userErrors).toEqual([])
    const { data } = await own.api.query(
      '{ mails { nodes { to subject text html } } }',
      {},
      apiTokenCreate.secret,
    )
    expect(data.mails.nodes).toEqual([
      { to: 'grace@example.org', subject: content.subject, text: null, html: null },
    ])
  })

  it('pages from the newest to the oldest', async () => {
    const own = await installation({}, { workers: false })
    for (const subject of ['first', 'second', 'third']) await sendMail(own.core, { ...content, subject })
    const page = async (after: string | null) =>
      (
        await own.query(
          'query ($after: String) { mails(first: 2, after: $after) { nodes { subject } totalCount pageInfo { endCursor hasNextPage } } }',
          { after },
        )
      ).mails
    const first = await page(null)
    expect(first).toMatchObject({ totalCount: 3, nodes: [{ subject: 'third' }, { subject: 'second' }] })
    expect(await page(first.pageInfo.endCursor)).toMatchObject({
      nodes: [{ subject: 'first' }],
      pageInfo: { hasNextPage: false },
    })
  })
})
