import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../api/testing.ts'
import { hurryDue } from '../core/platform/dueJobs.ts'
import { decodeId } from '../core/platform/ids.ts'
import { deliver } from '../core/scheduling/deliver.ts'
import { deliveryQueue, requestDelivery, sweepDeliveries } from '../core/scheduling/deliveries.ts'
import { deliveriesOf } from '../core/scheduling/delivery.ts'
import { webhooksOf } from '../core/scheduling/webhook.ts'
import { startWorkers } from '../workers/workers.ts'
import { codes, mutate } from './access/ask.ts'
import { killed, spawnWorkers } from './estate.ts'
import { isSigned, startReceiver } from './receiver.ts'

const deliveryFields = `id messageId event requestedBy state problem nextAttemptAt deliveredAt
  request { method url headers { name value } body }
  answer { status headers { name value } body bodyCut durationMs } attempts { at durationMs status problem }`
const webhookFields = `id version name url method body enabled headers { name value secret } viewerCan { update }`
const strong = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

let api: TestApi
let receiver: Awaited<ReturnType<typeof startReceiver>>
let token: string
beforeAll(async () => {
  api = await startTestApi()
  token = (await api.signUp('Ada')).token
})
afterAll(() => api?.close())
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

const create = (input: object = {}, as = token) =>
  mutate(
    api,
    as,
    'webhookCreate',
    { name: 'Chat', url: `${receiver.url}/hook?key=hidden`, ...input },
    `secret webhook { ${webhookFields} }`,
  )
const made = async (input: object = {}) => {
  const answer = await create(input)
  expect(answer.userErrors).toEqual([])
  return answer.webhook as { id: string; version: number; url: string }
}
const update = (input: Record<string, unknown>, as = token) =>
  mutate(api, as, 'webhookUpdate', input, `secret webhook { ${webhookFields} }`)
const attempt = async (id: string) => {
  const answer = await mutate(api, token, 'webhookTry', { id }, `delivery { ${deliveryFields} }`)
  expect(answer.userErrors).toEqual([])
  return answer.delivery
}
const deliveries = async (webhook: string, as = token) =>
  (
    await api.query(
      `query ($id: ID!) { webhook(id: $id) { url deliveries { totalCount nodes { ${deliveryFields} } } } }`,
      { id: webhook },
      as,
    )
  ).data.webhook.deliveries.nodes
const request = async (webhook: { id: string }, id: string, body: unknown = { name: 'web-1' }) => {
  const record = await webhooksOf(api.core).findOne({ _id: decodeId(webhook.id).id })
  return requestDelivery(api.core, record!, { id, event: 'server.created', body, requestedBy: 'Test' })
}
const replay = (id: string, as = token) =>
  mutate(api, as, 'deliveryReplay', { id }, `delivery { ${deliveryFields} }`)

describe('a webhook', () => {
  it('is called with a body, signed as Standard Webhooks says', async () => {
    const { webhook, secret } = await create({ headers: [{ name: 'X-Team', value: 'ops' }] })
    expect(secret).toMatch(/^whsec_/)
    const delivery = await attempt(webhook.id)
    expect(delivery).toMatchObject({
      state: 'DELIVERED',
      event: 'webhook.try',
      requestedBy: 'Ada',
      problem: null,
      answer: { status: 200, body: 'thank you', bodyCut: false },
      attempts: [{ status: 200, problem: null }],
    })
    const [call] = receiver.received
    expect(call).toMatchObject({ method: 'POST', path: '/hook?key=hidden', headers: { 'x-team': 'ops' } })
    expect(call!.headers['content-type']).toBe('application/json')
    expect(call!.headers['webhook-id']).toBe(delivery.messageId)
    expect(isSigned(call!, secret)).toBe(true)
    expect(isSigned({ ...call!, body: `${call!.body} ` }, secret)).toBe(false)
    expect(JSON.parse(call!.body)).toEqual({
      type: 'webhook.try',
      timestamp: expect.any(String) as string,
      data: { name: 'Chat', by: 'Ada' },
    })
    expect(delivery.request.body).toBe(call!.body)
  })

  it.each(['PUT', 'PATCH', 'POST'])(
    'is called by %s with the body that its template makes',
    async (method) => {
      const body = JSON.stringify({
        text: '{{type}} for {{data.name}}, {{data.nothing}}',
        all: '{{data}}',
        n: [1, '{{ id }}'],
      })
      const webhook = await made({ method, body })
      const { messageId } = await attempt(webhook.id)
      const [call] = receiver.received
      expect(call!.method).toBe(method)
      expect(JSON.parse(call!.body)).toEqual({
        text: 'webhook.try for Chat, ',
        all: { name: 'Chat', by: 'Ada' },
        n: [1, messageId],
      })
    },
  )

  it.each(['GET', 'DELETE'])('is called by %s without a body, signed all the same', async (method) => {
    const { webhook, secret } = await create({ method })
    expect((await attempt(webhook.id)).request).toMatchObject({ method, body: null })
    expect(receiver.received[0]).toMatchObject({ method, body: '' })
    expect(isSigned(receiver.received[0]!, secret)).toBe(true)
  })

  it('keeps its secrets to itself, also where the other side says them back', async () => {
    receiver.answer((response, { headers }) => {
      response.writeHead(200, { 'x-echo': headers.authorization ?? '' })
      response.end(`you said ${headers.authorization}, ${String(headers['x-key'])}, ${strong}`)
    })
    const webhook = await made({
      secret: strong,
      headers: [
        { name: 'Authorization', value: 'Bearer tell-nobody' },
        { name: 'X-Key', value: 'also-secret', secret: true },
      ],
    })
    await attempt(webhook.id)
    const told = JSON.stringify([webhook, await deliveries(webhook.id)])
    const stored = JSON.stringify([
      await webhooksOf(api.core).find().toArray(),
      await deliveriesOf(api.core).find().toArray(),
    ])
    expect(receiver.received[0]!.headers).toMatchObject({
      authorization: 'Bearer tell-nobody',
      'x-key': 'also-secret',
    })
    for (const secret of ['tell-nobody', 'also-secret', strong]) {
      expect(told).not.toContain(secret)
      expect(stored).not.toContain(secret)
    }
    expect(told).toContain('you said •••, •••, •••')

    const changed = await update({
      id: webhook.id,
      version: 1,
      headers: [{ name: 'X-KEY' }],
      renewSecret: true,
    })
    expect(changed.webhook.headers).toEqual([{ name: 'X-KEY', value: null, secret: true }])
    await attempt(webhook.id)
    expect(receiver.received[1]!.headers).toMatchObject({ 'x-key': 'also-secret' })
    expect(receiver.received[1]!.headers).not.toHaveProperty('authorization')
    expect(isSigned(receiver.received[1]!, changed.secret)).toBe(true)
    expect(isSigned(receiver.received[1]!, strong)).toBe(false)
  })

  it.each([
    [{ name: ' ' }, 'name'],
    [{ url: 'ftp://example.org' }, 'url'],
    [{ url: 'http://169.254.169.254/latest/meta-data' }, 'url'],
    [{ url: 'http://10.0.0.1/' }, 'url'],
    [{ url: 'http://192.168.1.1/' }, 'url'],
    [{ url: 'http://[fd12::1]/' }, 'url'],
    [{ url: 'https://ada:secret@example.org/' }, 'url'],
    [{ secret: 'short' }, 'secret'],
    [{ body: '{"text": ' }, 'body'],
    [{ body: '{"text": "{{sopurce}}"}' }, 'body'],
    [{ body: '{"text": "{{type.name}}"}' }, 'body'],
    [{ headers: [{ name: 'webhook-id', value: 'mine' }] }, 'headers'],
    [{ headers: [{ name: 'Host', value: 'mine' }] }, 'headers'],
    [{ headers: [{ name: 'X-A', value: 'a\r\nX-B: b' }] }, 'headers'],
    [{ headers: [{ name: 'X A', value: 'a' }] }, 'headers'],
    [{ headers: [{ name: 'X-A' }] }, 'headers'],
    [
      {
        headers: [
          { name: 'X-A', value: '1' },
          { name: 'x-a', value: '2' },
        ],
      },
      'headers',
    ],
  ])('is refused with %j, and the field is named', async (input, field) => {
    const before = await webhooksOf(api.core).countDocuments()
    const answer = await create(input)
    expect(answer).toMatchObject({ webhook: null, secret: null, userErrors: [{ field: [field] }] })
    expect(await webhooksOf(api.core).countDocuments()).toBe(before)
  })

  it('does not go into a private network, or to this machine, by a name or a redirect', async () => {
    const strict = await startTestApi({ settings: { ALLOW_LOOPBACK_ENDPOINTS: 'false' } })
    try {
      const ada = await strict.signUp('Ada')
      const url = receiver.url.replace('127.0.0.1', 'localhost')
      const { webhook } = await mutate(
        strict,
        ada.token,
        'webhookCreate',
        { name: 'x', url },
        'webhook { id }',
      )
      const { delivery } = await mutate(
        strict,
        ada.token,
        'webhookTry',
        { id: webhook.id },
        'delivery { state problem answer { status } }',
      )
      expect(delivery).toMatchObject({ state: 'FAILED', answer: null })
      expect(delivery.problem).toContain('not a place that Maestro may call')
      expect(receiver.received).toEqual([])
    } finally {
      await strict.close()
    }
    receiver.answer((response) => void response.writeHead(302, { location: 'http://10.0.0.1/' }).end())
    expect(await attempt((await made()).id)).toMatchObject({ state: 'FAILED', answer: null })
  })

  it('goes into a private network where the operator allows it', async () => {
    const open = await startTestApi({ settings: { ALLOW_PRIVATE_WEBHOOKS: 'true' } })
    try {
      const ada = await open.signUp('Ada')
      const create = (url: string) => mutate(open, ada.token, 'webhookCreate', { name: 'x', url })
      expect(codes(await create('http://10.0.0.1/'))).toEqual([])
      expect(codes(await create('http://169.254.169.254/'))).toEqual(['INVALID'])
    } finally {
      await open.close()
    }
  })

  it('keeps the first 16 KB of an answer', async () => {
    receiver.answer((response) => void response.end('x'.repeat(100_000)))
    const { answer } = await attempt((await made()).id)
    expect(answer.body).toHaveLength(16 * 1024)
    expect(answer.bodyCut).toBe(true)
  })

  it('is changed by one person at a time, and deleted with what it was sent', async () => {
    const webhook = await made()
    await attempt(webhook.id)
    const { id } = webhook
    expect((await update({ id, version: 1, name: 'Other' })).webhook).toMatchObject({
      name: 'Other',
      version: 2,
    })
    expect(codes(await update({ id, version: 1, name: 'Third' }))).toEqual(['CONFLICT'])
    expect(codes(await mutate(api, token, 'webhookDelete', { id, version: 1 }))).toEqual(['CONFLICT'])
    expect(codes(await mutate(api, token, 'webhookDelete', { id, version: 2 }))).toEqual([])
    expect(await deliveriesOf(api.core).countDocuments({ webhook: decodeId(id).id })).toBe(0)
    expect(
      (await api.query('query ($id: ID!) { webhook(id: $id) { id } }', { id }, token)).errors![0]!.extensions
        .code,
    ).toBe('NOT_FOUND')
  })

  it('is nobody else’s; who may read it sees neither its key nor sends anything', async () => {
    const webhook = await made()
    const delivery = await attempt(webhook.id)
    const grace = await api.signUp('Grace')
    const seen = async () =>
      (await api.query('{ webhooks { nodes { id url viewerCan { update } } } }', {}, grace.token)).data
        .webhooks.nodes
    expect(await seen()).toEqual([])
    expect((await replay(delivery.id, grace.token)).error).toBe('NOT_FOUND')
    const shared = await mutate(api, token, 'accessUpdate', {
      ids: [webhook.id],
      set: [{ principal: grace.userId, level: 'READ' }],
    })
    expect(shared.userErrors).toEqual([])
    expect(await seen()).toEqual([{ id: webhook.id, url: `${receiver.url}/…`, viewerCan: { update: false } }])
    const [theirs] = await deliveries(webhook.id, grace.token)
    expect(theirs.request.url).toBe(`${receiver.url}/…`)
    expect(codes(await replay(delivery.id, grace.token))).toEqual(['FORBIDDEN'])
    expect(codes(await update({ id: webhook.id, version: 2, name: 'Mine' }, grace.token))).toEqual([
      'FORBIDDEN',
    ])
    expect(codes(await mutate(api, grace.token, 'webhookTry', { id: webhook.id }))).toEqual(['FORBIDDEN'])
    expect(codes(await mutate(api, grace.token, 'webhookDelete', { id: webhook.id, version: 2 }))).toEqual([
      'FORBIDDEN',
    ])
  })
})

describe('a delivery', () => {
  let workers: { close(): Promise<void> } | null = null
  const work = async () => {
    workers = await startWorkers(api.core)
  }
  afterEach(async () => {
    await workers?.close()
    workers = null
  })
  const only = async (webhook: { id: string }) => (await deliveries(webhook.id))[0]
  const dueNow = async (id: string) => {
    await deliveriesOf(api.core).updateOne({ _id: decodeId(id).id }, { $set: { nextAttemptAt: new Date() } })
    await hurryDue(api.core, deliveryQueue, [decodeId(id).id])
  }

  it('is the same one however often it is asked for', async () => {
    await work()
    const webhook = await made()
    await Promise.all(Array.from({ length: 10 }, () => request(webhook, 'change 7')))
    await request(webhook, 'change 8')
    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(2)
    await request(webhook, 'change 7')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(receiver.received).toHaveLength(2)
    expect(await deliveries(webhook.id)).toHaveLength(2)
  })

  it('fails at any status from 300 on, whatever the answer says, and at no answer; and is tried again', async () => {
    await work()
    const webhook = await made()
    receiver.answer(
      (response) => void response.writeHead(400, { 'content-type': 'application/json' }).end('{"ok": true}'),
    )
    await request(webhook, 'one')
    await expect.poll(async () => (await only(webhook)).attempts.length, { timeout: 10_000 }).toBe(1)
    const first = await only(webhook)
    expect(first).toMatchObject({ state: 'WAITING', answer: { status: 400, body: '{"ok": true}' } })
    expect(first.problem).toContain('400')
    expect(+new Date(first.nextAttemptAt) - +new Date(first.attempts[0].at)).toBeGreaterThan(9_000)

    receiver.answer((response) => void response.socket!.destroy())
    await dueNow(first.id)
    await expect.poll(async () => (await only(webhook)).attempts.length, { timeout: 10_000 }).toBe(2)
    const second = await only(webhook)
    expect(second).toMatchObject({
      state: 'WAITING',
      answer: null,
      attempts: [{ status: 400 }, { status: null }],
    })
    expect(second.problem).toContain('broken off')

    receiver.well()
    await dueNow(first.id)
    await expect.poll(async () => (await only(webhook)).state, { timeout: 10_000 }).toBe('DELIVERED')
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual(Array(3).fill(first.messageId))
  })

  it('waits as long as the other side asks, and gives up in the end; then it can be sent again', async () => {
    const webhook = await made()
    receiver.status(503, { 'retry-after': '300' })
    const { _id } = await request(webhook, 'one')
    const again = () => deliveriesOf(api.core).updateOne({ _id }, { $set: { nextAttemptAt: new Date() } })
    const next = await deliver(api.core, _id)
    expect(+next! - Date.now()).toBeGreaterThan(290_000)
    for (let tries = 2; tries <= 7; tries++) {
      await again()
      await deliver(api.core, _id)
    }
    const failed = await only(webhook)
    expect(failed).toMatchObject({ state: 'FAILED', nextAttemptAt: null })
    expect(failed.attempts).toHaveLength(7)

    receiver.well()
    await work()
    expect((await replay(failed.id)).userErrors).toEqual([])
    await expect.poll(async () => (await only(webhook)).state, { timeout: 10_000 }).toBe('DELIVERED')
    expect(await only(webhook)).toMatchObject({ messageId: failed.messageId, problem: null })
    expect(receiver.received.at(-1)!.headers['webhook-id']).toBe(failed.messageId)
  })

  it('is not sent while the webhook is off, and can be sent later', async () => {
    await work()
    const webhook = await made({ enabled: false })
    await request(webhook, 'one')
    const skipped = await only(webhook)
    expect(skipped).toMatchObject({ state: 'SKIPPED', attempts: [] })
    expect(codes(await replay(skipped.id))).toEqual(['LOCKED'])
    await update({ id: webhook.id, version: 1, enabled: true })
    expect(codes(await replay(skipped.id))).toEqual([])
    await expect.poll(async () => (await only(webhook)).state, { timeout: 10_000 }).toBe('DELIVERED')
  })

  it('survives a worker that is killed while it waits for the answer', async () => {
    const webhook = await made()
    let calls = 0
    receiver.answer((response) => void (++calls > 1 && response.end('late')))
    const child = await spawnWorkers(api)
    const { _id } = await request(webhook, 'one')
    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(1)
    await killed(child, 'SIGKILL')
    // The time that the lost worker had is over.
    await deliveriesOf(api.core).updateOne(
      { _id },
      { $set: { leaseUntil: new Date(), nextAttemptAt: new Date(Date.now() - 60_000) } },
    )
    await work()
    await sweepDeliveries(api.core)
    await expect.poll(async () => (await only(webhook)).state, { timeout: 30_000 }).toBe('DELIVERED')
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(receiver.received).toHaveLength(2)
  }, 60_000)

  it('is forgotten after its time', async () => {
    const webhook = await made()
    const { id } = await attempt(webhook.id)
    const record = await deliveriesOf(api.core).findOne({ _id: decodeId(id).id })
    const days = (+record!.expiresAt - Date.now()) / 24 / 3600_000
    expect(days).toBeGreaterThan(29.9)
    expect(days).toBeLessThan(30.1)
    await sweepDeliveries(api.core)
    expect(await deliveries(webhook.id)).toHaveLength(1)
    await deliveriesOf(api.core).updateOne({ _id: record!._id }, { $set: { expiresAt: new Date(0) } })
    await sweepDeliveries(api.core)
    expect(await deliveries(webhook.id)).toEqual([])
  })
})

it('reads the deliveries of one webhook and of many by the same number of commands', async () => {
  const count = async () => {
    const before = api.commands()
    await api.query(
      '{ webhooks(first: 100) { nodes { deliveries { nodes { request { url } webhook { name } } } } } }',
      {},
      token,
    )
    return api.commands() - before
  }
  await webhooksOf(api.core).deleteMany({})
  await attempt((await made()).id)
  const one = await count()
  for (let more = 0; more < 20; more++) await attempt((await made()).id)
  expect(await count()).toBe(one)
})
