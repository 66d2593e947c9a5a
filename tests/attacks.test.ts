import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../api/testing.ts'
import { principalOf } from '../core/accounts/user.ts'
import { decodeId } from '../core/platform/ids.ts'
import { codes, mutate } from './access/ask.ts'
import { makePerson, makeToken, type Person, signInAs } from './access/people.ts'

let api: TestApi
let victim: Person
beforeAll(async () => {
  api = await startTestApi()
  victim = await makePerson(api.core, 'Vera Victim', { administrator: true })
})
afterAll(() => api.close())
beforeEach(async () => {
  const keys = await api.core.redis.keys(`*${api.core.config.MONGODB_DATABASE}*:attempts:*`)
  if (keys.length) await api.core.redis.del(keys)
})

const viewerWith = async (token: string) => (await api.query('{ viewer { id } }', {}, token)).data.viewer
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub: string; sid: string }

describe('a token that was made up', () => {
  it('is not believed: unsigned, signed by another key, or changed', async () => {
    const { sub, sid } = claimsOf(victim.token)
    const [header, , signature] = victim.token.split('.')
    const soon = Math.floor(Date.now() / 1000) + 600
    const body = { sid }
    const made = [
      new UnsecuredJWT(body).setSubject(sub).setExpirationTime(soon).encode(),
      await new SignJWT(body)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(sub)
        .setExpirationTime(soon)
        .sign(Buffer.alloc(32)),
      // The secret itself, rather than the key that is derived from it for this purpose.
      await new SignJWT(body)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(sub)
        .setExpirationTime(soon)
        .sign(Buffer.from(api.core.config.SESSION_SECRET)),
      `${header}.${Buffer.from(JSON.stringify({ sub, sid, exp: soon + 1e6 })).toString('base64url')}.${signature}`,
      `${victim.token.slice(0, -2)}AA`,
      'maestro_',
      `maestro_${'A'.repeat(43)}`,
      'null',
    ]
    for (const token of made) {
      expect(await viewerWith(token)).toBeNull()
      const { errors } = await api.query('{ servers { totalCount } }', {}, token)
      expect(errors![0]!.extensions.code).toBe('UNAUTHENTICATED')
    }
    expect(await viewerWith(victim.token)).toBeTruthy()
  })

  it('of one person does not open the sign-in of another', async () => {
    const other = await makePerson(api.core, 'Other')
    const { sid } = claimsOf(victim.token)
    const [header, , signature] = other.token.split('.')
    const swapped = Buffer.from(JSON.stringify({ ...claimsOf(other.token), sid })).toString('base64url')
    expect(await viewerWith(`${header}.${swapped}.${signature}`)).toBeNull()
  })
})

describe('a refresh token', () => {
  it('that a site has planted before is not taken over by a sign-in', async () => {
    const person = await api.signUp()
    const planted = 'maestro-refresh=planted.1.signature'
    const answer = await mutate(
      api,
      null,
      'sessionCreate',
      { email: person.email, password: person.password },
      'signedIn { accessToken }',
      { headers: { cookie: planted } },
    )
    expect(answer.cookie).toMatch(/^maestro-refresh=[\w-]{43}\.1\.[\w-]{43}$/)
    expect(answer.cookie).not.toContain('planted')
    const again = await mutate(api, null, 'sessionCreate', { email: person.email, password: person.password })
    expect(again.cookie).not.toBe(answer.cookie)
  })
})

describe('another site', () => {
  const cookieOf = async () => (await api.signUp()).cookie

  it.each([
    ['a form post', 'application/x-www-form-urlencoded', 'query=mutation{sessionDelete{userErrors{code}}}'],
    ['a form post of plain text', 'text/plain', '{"query":"mutation{sessionDelete{userErrors{code}}}"}'],
    [
      'a multipart form',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\nmutation{sessionRefresh{signedIn{accessToken}}}\r\n--x--',
    ],
  ])('does nothing by %s that carries the cookie', async (_what, type, body) => {
    const cookie = await cookieOf()
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type, cookie },
      body,
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.headers.get('set-cookie')).toBeNull()
    const { data } = await api.query('mutation { sessionRefresh { signedIn { accessToken } } }', {}, null, {
      cookie,
    })
    expect(data.sessionRefresh.signedIn).toBeTruthy()
  })

  it('does nothing by GET, not even with the header of an application', async () => {
    const cookie = await cookieOf()
    const query = encodeURIComponent('mutation { sessionDelete { userErrors { code } } }')
    for (const headers of [{ cookie }, { cookie, 'apollo-require-preflight': 'true' }]) {
      const response = await fetch(`${api.url}/graphql?query=${query}`, { headers })
      expect(response.status).toBeGreaterThanOrEqual(400)
    }
    const { data } = await api.query('mutation { sessionRefresh { signedIn { accessToken } } }', {}, null, {
      cookie,
    })
    expect(data.sessionRefresh.signedIn).toBeTruthy()
  })

  it('may not read an answer', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: JSON.stringify({ query: '{ installation { version } }' }),
    })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('a socket', () => {
  it('is not opened without a token, nor with one that was revoked', async () => {
    const { token } = await makeToken(api.core, principalOf(victim._id), 'READ')
    await api.core.db.collection('apiTokens').deleteMany({})
    for (const given of [undefined, token, 'nonsense'])
      await expect(api.subscribe('subscription { runs { id } }', {}, given).next()).rejects.toMatchObject({
        code: 4403,
      })
  })

  it('ends at once when its token is revoked, its person switched off, or signed out elsewhere', async () => {
    const person = await makePerson(api.core, 'Person')
    const made = await mutate(
      api,
      person.token,
      'apiTokenCreate',
      { name: 'x', level: 'READ', expiresAt: new Date(Date.now() + 60_000).toISOString() },
      'secret apiToken { id }',
    )
    const second = await signInAs(api.core, person._id)
    const open = (token: string) => {
      const events = api.subscribe('subscription { runs { id } }', {}, token)
      return events.next().then(
        () => 'an event',
        ({ code }: { code: number }) => code,
      )
    }
    const ends = { token: open(made.secret), second: open(second.token), first: open(person.token) }
    await expect.poll(() => api.core.redis.pubsub('CHANNELS', '*runs*')).toHaveLength(1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await mutate(api, person.token, 'apiTokenRevoke', { id: made.apiToken.id })
    expect(await ends.token).toBe(4403)
    await mutate(api, person.token, 'signInEnd', { id: second.id })
    expect(await ends.second).toBe(4403)
    await mutate(api, victim.token, 'userUpdate', { id: person.id, disabled: true })
    expect(await ends.first).toBe(4403)
  })
})

describe('ids of what is invisible', () => {
  it('answer like ids of what does not exist, wherever an id is taken', async () => {
    const owner = await makePerson(api.core, 'Owner')
    const spy = await makePerson(api.core, 'Spy')
    const create = (name: string) =>
      mutate(api, owner.token, 'datacenterCreate', { name, provider: 'own' }, 'datacenter { id }')
    const hidden = (await create('Hidden')).datacenter.id as string
    const absent = Buffer.from(`Datacenter:${'0'.repeat(24)}`).toString('base64url')
    const mine = (await mutate(api, spy.token, 'serverCreate', { name: 'mine' }, 'server { id version }'))
      .server
    const asks: ((id: string) => Promise<unknown>)[] = [
      (id) => api.query('query ($id: ID!) { datacenter(id: $id) { id } }', { id }, spy.token),
      (id) => api.query('query ($id: ID!) { node(id: $id) { id } }', { id }, spy.token),
      (id) =>
        api.query(
          'query ($id: ID!) { servers(filter: { datacenter: { eq: $id } }) { totalCount } }',
          { id },
          spy.token,
        ),
      (id) =>
        api.query(
          'query ($id: ID!) { servers(filter: { not: { datacenter: { in: [$id] } } }) { totalCount } }',
          { id },
          spy.token,
        ),
      (id) => mutate(api, spy.token, 'serverCreate', { name: 'x', datacenter: id }),
      (id) => mutate(api, spy.token, 'serverUpdate', { id: mine.id, version: mine.version, datacenter: id }),
      (id) => mutate(api, spy.token, 'datacenterUpdate', { id, version: 1, name: 'x' }),
      (id) => mutate(api, spy.token, 'datacenterUpdate', { id, version: 99, name: 'x' }),
      (id) => mutate(api, spy.token, 'assetsRetire', { assets: [{ id, version: 1 }] }),
      (id) => mutate(api, spy.token, 'assetsRestore', { assets: [{ id, version: 1 }] }),
      (id) => mutate(api, spy.token, 'assetFieldsRelease', { id, version: 1, fields: ['name'] }),
      (id) => mutate(api, spy.token, 'accessUpdate', { ids: [id], remove: [spy.id] }),
      (id) =>
        mutate(api, spy.token, 'connectionCreate', {
          name: 'x',
          provider: 'AWS',
          datacenter: id,
          regions: ['eu-west-1'],
          settings: [
            { name: 'accessKeyId', value: 'AKIAIOSFODNN7EXAMPLE' },
            { name: 'secretAccessKey', value: 'x' },
          ],
        }),
    ]
    const plain = (answer: unknown, id: string) =>
      JSON.stringify(answer, (key, value) =>
        ['requestId', 'headers', 'extensions'].includes(key) && key !== 'extensions'
          ? undefined
          : (value as unknown),
      )
        .replaceAll(id, 'ID')
        .replace(/"requestId":"[^"]*"/g, '')
    for (const ask of asks) expect(plain(await ask(hidden), hidden)).toBe(plain(await ask(absent), absent))
    const stillThere = await api.query(
      'query ($id: ID!) { datacenter(id: $id) { name version } }',
      { id: hidden },
      owner.token,
    )
    expect(stillThere.data.datacenter).toEqual({ name: 'Hidden', version: 1 })
  })

  it('of people, teams, sign-ins, tokens and invitations do so, too', async () => {
    const spy = await makePerson(api.core, 'Spy')
    const token = await makeToken(api.core, principalOf(victim._id), 'READ')
    const signIn = await signInAs(api.core, victim._id)
    const other = (id: string) => Buffer.from(`${decodeId(id).type}:${'0'.repeat(24)}`).toString('base64url')
    const asks: [string, (id: string) => Promise<{ errors?: unknown[] } | object>][] = [
      [victim.id, (id) => api.query('query ($id: ID!) { user(id: $id) { id } }', { id }, spy.token)],
      [victim.id, (id) => mutate(api, spy.token, 'userDelete', { id: spy.id, heir: id })],
      [token.id, (id) => mutate(api, spy.token, 'apiTokenRevoke', { id })],
      [token.id, (id) => api.query('query ($id: ID!) { node(id: $id) { id } }', { id }, spy.token)],
      [signIn.id, (id) => mutate(api, spy.token, 'signInEnd', { id })],
    ]
    const plain = (answer: object, id: string) =>
      JSON.stringify(answer)
        .replaceAll(id, 'ID')
        .replace(/"requestId":"[^"]*"/g, '')
    for (const [id, ask] of asks)
      expect(plain(await ask(id), id)).toBe(plain(await ask(other(id)), other(id)))
    expect(await viewerWith(signIn.token)).toBeTruthy()
  })
})

describe('ten thousand attempts to sign in', () => {
  it('are refused but for a few, cost little, and keep nobody else out', { timeout: 120_000 }, async () => {
    const person = await api.signUp()
    const bystander = await api.signUp()
    const attempts = 10_000
    let tried = 0
    let next = 0
    const guess = async () => {
      while (next < attempts) {
        const number = next++
        const answer = await mutate(api, null, 'sessionCreate', {
          email: person.email,
          password: `guess ${number}`,
        })
        if (codes(answer)[0] !== 'RATE_LIMITED') tried++
      }
    }
    await Promise.all(Array.from({ length: 20 }, guess))
    expect(tried).toBeLessThanOrEqual(10)
    expect(await viewerWith(bystander.token)).toBeTruthy()
    expect(await viewerWith(person.token)).toBeTruthy()
    const { data } = await api.query(
      '{ audit(first: 200, filter: { actions: [SIGN_IN_REFUSED] }) { totalCount } }',
      {},
      victim.token,
    )
    expect(data.audit.totalCount).toBe(tried)
  })
})
