import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sweepSessions } from '../../core/accounts/sessions.ts'
import { signingKey } from '../../core/platform/signing.ts'
import { startTestApi, type TestApi } from '../testing.ts'

describe('the first account', () => {
  let api: TestApi
  beforeAll(async () => void (api = await startTestApi({ settings: { OPEN_SIGNUP: 'false' } })))
  afterAll(() => api.close())

  it('is the one administrator, also when four people come at once; then sign-up is closed', async () => {
    const before = await api.query('{ installation { version needsFirstAccount signUpOpen } viewer { id } }')
    expect(before.data).toEqual({
      installation: { version: '0.1.0', needsFirstAccount: true, signUpOpen: true },
      viewer: null,
    })

    const answers = await Promise.all(
      ['ada', 'bob', 'cyd', 'dan'].map((name) => api.query(signUp, { input: account(name) })),
    )

    const made = answers.filter(({ data }) => data.userSignUp.signedIn)
    expect(made).toHaveLength(1)
    expect(made[0]!.data.userSignUp.signedIn.user.administrator).toBe(true)
    for (const answer of answers.filter((answer) => !made.includes(answer)))
      expect(answer.data.userSignUp.userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
    const after = await api.query('{ installation { needsFirstAccount signUpOpen } }')
    expect(after.data.installation).toEqual({ needsFirstAccount: false, signUpOpen: false })
    expect((await api.query(signUp, { input: account('eve') })).data.userSignUp).toMatchObject({
      signedIn: null,
      userErrors: [{ code: 'FORBIDDEN', field: null }],
    })
  })
})

describe('an account', () => {
  let api: TestApi
  beforeAll(async () => void (api = await startTestApi()))
  afterAll(() => api.close())

  it('is one administrator among many when sign-up is open', async () => {
    const answers = await Promise.all(
      ['fay', 'gus', 'hal'].map((name) => api.query(signUp, { input: account(name) })),
    )
    const administrators = answers.map(({ data }) => data.userSignUp.signedIn.user.administrator)
    expect(administrators.toSorted()).toEqual([false, false, true])
  })

  it('says of every field what is wrong with it', async () => {
    const input = { name: 'a', email: 'nobody', password: 'short' }
    const { data } = await api.query(signUp, { input })
    expect(
      data.userSignUp.userErrors.map((error: { code: string; field: string[] }) => [
        error.code,
        ...error.field,
      ]),
    ).toEqual([
      ['INVALID', 'name'],
      ['INVALID', 'email'],
      ['INVALID', 'password'],
    ])
  })

  it('is unique by its address, whatever the case', async () => {
    await api.query(signUp, { input: { ...account('ida'), email: ' Ida@Example.org ' } })
    const { data } = await api.query(signUp, { input: account('ida') })
    expect(data.userSignUp).toMatchObject({
      signedIn: null,
      userErrors: [{ code: 'TAKEN', field: ['email'] }],
    })
    const signedIn = await api.query(signIn, {
      input: { email: 'IDA@example.ORG', password: 'a long password' },
    })
    expect(signedIn.data.sessionCreate.signedIn.user).toMatchObject({
      email: 'ida@example.org',
      name: 'ida ida',
    })
  })

  it('gets the same answer for a wrong password as for an unknown address', async () => {
    const { email } = await api.signUp()
    const wrong = await api.query(signIn, { input: { email, password: 'not this one' } })
    const unknown = await api.query(signIn, {
      input: { email: 'nobody@example.org', password: 'not this one' },
    })
    expect(wrong.data.sessionCreate.userErrors).toMatchObject([{ code: 'INVALID', field: null }])
    expect(unknown.data).toEqual(wrong.data)
  })

  it('cannot be guessed at: ten wrong passwords, also at once, and even the right one waits', async () => {
    const { email, password } = await api.signUp()
    const guesses = await Promise.all(
      Array.from({ length: 14 }, () => api.query(signIn, { input: { email, password: 'not this one' } })),
    )
    const refused = guesses.filter(({ errors }) => errors?.[0]?.extensions.code === 'RATE_LIMITED')
    expect(refused).toHaveLength(4)
    expect(refused[0]!.errors![0]!.extensions.retryAfterMs).toBeGreaterThan(0)
    const right = await api.query(signIn, { input: { email, password } })
    expect(right.errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
  })

  it('is known by its token, with one database command for the sign-in and the person', async () => {
    const { token, userId } = await api.signUp('Grace Hopper')
    const before = api.commands()
    const { data } = await api.query('{ viewer { id name } }', {}, token)
    expect(data.viewer).toEqual({ id: userId, name: 'Grace Hopper' })
    expect(api.commands() - before).toBe(1)
  })
})

describe('a sign-in', () => {
  let api: TestApi
  beforeAll(async () => void (api = await startTestApi()))
  afterAll(() => api.close())

  it('keeps its refresh token where no script and no other site can use it', async () => {
    const { headers } = await api.query(signUp, { input: account('kim') })
    const cookie = headers.get('set-cookie')!
    expect(cookie).toMatch(/; Path=\/graphql;.*HttpOnly; SameSite=Strict$/)
    expect(cookie).not.toMatch(/Secure/)
  })

  it('gives two tabs that refresh at once the same new token, and each token works once', async () => {
    const { cookie } = await api.signUp()
    const [one, two] = await Promise.all([refresh(api, cookie), refresh(api, cookie)])
    expect(one.signedIn).toBeTruthy()
    expect(two.signedIn).toBeTruthy()
    expect(one.cookie).toBe(two.cookie)
    expect(one.cookie).not.toBe(cookie)
    expect((await refresh(api, one.cookie)).signedIn).toBeTruthy()
  })

  it('ends for everybody when an old refresh token turns up', async () => {
    const { cookie, token } = await api.signUp()
    const second = await refresh(api, cookie)
    const third = await refresh(api, second.cookie)
    const thief = await refresh(api, cookie)
    expect(thief).toMatchObject({
      signedIn: null,
      userErrors: [{ code: 'INVALID' }],
      cookie: 'maestro-refresh=',
    })
    expect((await refresh(api, third.cookie)).signedIn).toBeNull()
    expect((await api.query('{ viewer { id } }', {}, token)).data.viewer).toBeNull()
  })

  it('ends too when the token before the last turns up late', async () => {
    const { cookie } = await api.signUp()
    const second = await refresh(api, cookie)
    await api.core.db
      .collection('authSessions')
      .updateMany({}, { $set: { rotatedAt: new Date(Date.now() - 11_000) } })
    expect((await refresh(api, cookie)).signedIn).toBeNull()
    expect((await refresh(api, second.cookie)).signedIn).toBeNull()
  })

  it('does not believe a refresh token that somebody has made up', async () => {
    const { cookie } = await api.signUp()
    const [name, family, generation, signature] = cookie.split(/[=.]/)
    const forged = `${name}=${family}.${Number(generation) - 1}.${signature}`
    expect((await refresh(api, forged)).signedIn).toBeNull()
    expect((await refresh(api, cookie)).signedIn).toBeTruthy()
    expect(await refresh(api, '')).toMatchObject({ signedIn: null, userErrors: [] })
  })

  it('ends at once for requests and sockets when the person signs out', async () => {
    const { token, cookie } = await api.signUp()
    const events = api.subscribe('subscription { runs { id } }', {}, token)
    const next = events.next().then(
      (result) => ({ result }),
      (closed: { code: number }) => ({ code: closed.code }),
    )
    await api.query('{ crawlers { provider } }', {}, token)
    await untilOpen(api)

    await api.query('mutation { sessionDelete { userErrors { code } } }', {}, token, { cookie })

    expect(await next).toEqual({ code: 4403 })
    const after = await api.query('{ crawlers { provider } }', {}, token)
    expect(after.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    expect((await refresh(api, cookie)).signedIn).toBeNull()
  })

  it('is signed out by its cookie alone, when the access token has run out', async () => {
    const { token, cookie } = await api.signUp()
    const answer = await api.query('mutation { sessionDelete { userErrors { code } } }', {}, null, { cookie })
    expect(answer.headers.get('set-cookie')).toMatch(/^maestro-refresh=;/)
    const after = await api.query('{ crawlers { provider } }', {}, token)
    expect(after.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  it.each([
    ['has run out', 'HS256', -60, 'access-token'],
    ['was signed for another purpose', 'HS256', 600, 'refresh-token'],
    ['was signed in another way', 'HS512', 600, 'access-token'],
  ] as const)('does not take an access token that %s', async (_what, alg, seconds, purpose) => {
    const { token } = await api.signUp()
    const [, claims] = token.split('.')
    const { sub, sid } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as {
      sub: string
      sid: string
    }
    const made = await new SignJWT({ sid })
      .setProtectedHeader({ alg })
      .setSubject(sub)
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(signingKey(api.core.config, purpose))
    const answer = await api.query('{ crawlers { provider } }', {}, made)
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    const socket = api.subscribe('subscription { runs { id } }', {}, made)
    await expect(socket.next()).rejects.toMatchObject({ code: 4403 })
  })

  it('runs out after a month without use, and is swept', async () => {
    const { token, cookie } = await api.signUp()
    const sessions = api.core.db.collection('authSessions')
    const before = await sessions.countDocuments()
    await sessions.updateOne({}, { $set: { expiresAt: new Date(Date.now() - 1) } }, { sort: { _id: -1 } })
    expect((await refresh(api, cookie)).signedIn).toBeNull()
    expect((await api.query('{ crawlers { provider } }', {}, token)).errors?.[0]?.extensions.code).toBe(
      'UNAUTHENTICATED',
    )
    expect(await sweepSessions(api.core)).toBe(1)
    expect(await sessions.countDocuments()).toBe(before - 1)
  })
})

const account = (name: string) => ({
  name: `${name} ${name}`,
  email: `${name}@example.org`,
  password: 'a long password',
})

const signedIn = `signedIn { accessToken expiresAt user { id name email administrator createdAt } } userErrors { code field message }`
const signUp = `mutation ($input: UserSignUpInput!) { userSignUp(input: $input) { ${signedIn} } }`
const signIn = `mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { ${signedIn} } }`

async function refresh(api: TestApi, cookie: string) {
  const { data, headers } = await api.query(`mutation { sessionRefresh { ${signedIn} } }`, {}, null, {
    cookie,
  })
  return { ...data.sessionRefresh, cookie: headers.get('set-cookie')?.split(';')[0] ?? '' }
}

/** A subscription says nothing when it begins; Redis knows that somebody listens. */
async function untilOpen(api: TestApi) {
  for (let tries = 0; tries < 200; tries++) {
    const channels = (await api.core.redis.pubsub('CHANNELS', '*run*')) as string[]
    if (channels.length) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('The subscription did not open.')
}
