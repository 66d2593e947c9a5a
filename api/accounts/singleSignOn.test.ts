import { generateKeyPair, SignJWT } from 'jose'
import type { ObjectId } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Member, teamsOf } from '../../core/accounts/team.ts'
import { usersOf } from '../../core/accounts/user.ts'
import { decodeId } from '../../core/platform/ids.ts'
import { Browser } from '../../dev/testing/browser.ts'
import { type Provider, startProvider } from '../../dev/testing/openid.ts'
import { startTestApi, type TestApi, type TestApiOptions } from '../testing.ts'
import { ownPath } from './singleSignOnRoute.ts'

let provider: Provider
let api: TestApi
let people = 0

const withProvider = (settings: TestApiOptions['settings'] = {}) =>
  startTestApi({
    settings: {
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: 'maestro',
      OIDC_CLIENT_SECRET: 'what the provider has given',
      OIDC_NAME: 'Example ID',
      ...settings,
    },
  })

beforeAll(async () => void (provider = await startProvider()))
afterAll(() => provider.stop())

/** Somebody whom only the provider knows so far comes next. */
function somebody(claims: Record<string, unknown> = {}) {
  const number = ++people
  provider.claims = {
    sub: `person-${number}`,
    name: `Person ${number}`,
    email: `person${number}@example.org`,
    email_verified: true,
    groups: [],
    ...claims,
  }
  return provider.claims as { sub: string; name: string; email: string }
}

beforeEach(() => {
  Object.assign(provider, { info: {}, forged: null, refusal: null })
  somebody()
})

const start = (to: TestApi, next?: string) =>
  `${to.url}/auth/oidc/start${next === undefined ? '' : `?next=${encodeURIComponent(next)}`}`

/** At our door again, but not through it: the address that the provider sends the browser back to. */
async function atCallback(browser: Browser, at: TestApi = api): Promise<string> {
  const seen = await browser.follow(start(at), (url) => url.includes('/callback'))
  expect(seen.at(-1)).toContain(`${at.url}/auth/oidc/callback?`)
  return seen.at(-1)!
}

/** The whole way. @returns the page of ours on which it ends */
async function signOn(browser = new Browser(), at: TestApi = api, next?: string) {
  const seen = await browser.follow(start(at, next), (url) => !/\/(auth\/oidc|authorize)/.test(url))
  const end = new URL(seen.at(-1)!)
  expect(end.origin).toBe(at.url)
  return { page: `${end.pathname}${end.search}`, problem: end.searchParams.get('problem'), browser }
}

const whoami = `mutation { sessionRefresh {
  signedIn { accessToken user { id name email administrator } } userErrors { code } } }`

/** What the web app gets with the cookies of a browser; null when nobody is signed in there. */
async function signedIn(browser: Browser, at: TestApi = api) {
  const { data, headers } = await at.query(whoami, {}, null, { cookie: browser.cookiesFor('/graphql') })
  expect(headers.get('set-cookie') !== null).toBe(data.sessionRefresh.signedIn !== null)
  return data.sessionRefresh.signedIn as {
    accessToken: string
    user: { id: string; name: string; email: string; administrator: boolean }
  } | null
}

async function nowIn(at: TestApi = api) {
  const { browser, problem } = await signOn(new Browser(), at)
  expect(problem).toBeNull()
  return (await signedIn(browser, at))!
}

describe('with a single sign-on', () => {
  let ada: Awaited<ReturnType<TestApi['signUp']>>
  beforeAll(async () => {
    api = await withProvider({ OIDC_ADMINISTRATOR_GROUP: 'maestro-admins' })
    ada = await api.signUp('Ada')
  })
  afterAll(() => api.close())

  const sessionCreate = `mutation ($input: SessionCreateInput!) {
    sessionCreate(input: $input) { signedIn { user { id } } userErrors { code } } }`
  const audited = async () => {
    const { data } = await api.query(
      '{ audit(first: 50) { nodes { action actor subject detail } } }',
      {},
      ada.token,
    )
    return data.audit.nodes as { action: string; actor: string; subject: string; detail: string }[]
  }

  describe('somebody who wants to sign in', () => {
    it('is sent to the provider with a proof that only this browser can complete', async () => {
      const browser = new Browser()
      const { status, location, headers } = await browser.visit(start(api, '/servers'))
      expect(status).toBe(303)
      const url = new URL(location!)
      expect(url.origin + url.pathname).toBe(`${provider.issuer}/authorize`)
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        response_type: 'code',
        client_id: 'maestro',
        redirect_uri: `${api.url}/auth/oidc/callback`,
        scope: 'openid profile email',
        code_challenge_method: 'S256',
      })
      for (const name of ['state', 'nonce', 'code_challenge'])
        expect(url.searchParams.get(name)).toMatch(/^[\w-]{43}$/)
      const cookie = headers.get('set-cookie')!
      expect(cookie).toMatch(/Path=\/auth\/oidc;.*HttpOnly; SameSite=Lax$/)
      expect(cookie).not.toContain(url.searchParams.get('state'))
      expect(headers.get('cache-control')).toBe('no-store')
    })

    it('comes back to where they were, and is signed in with a new account', async () => {
      const { email, name } = somebody()
      const { page, browser } = await signOn(new Browser(), api, '/servers?filter=a%20b#top')
      expect(page).toBe('/servers?filter=a%20b')
      const { user, accessToken } = (await signedIn(browser))!
      expect(user).toMatchObject({ name, email, administrator: false })
      const { data } = await api.query('{ viewer { id } }', {}, accessToken)
      expect(data.viewer.id).toBe(user.id)
      expect(browser.cookiesFor('/auth/oidc')).toBe('')
      const lines = await audited()
      expect(lines).toContainEqual(
        expect.objectContaining({ action: 'SIGNED_UP', actor: name, detail: `${email}, by Example ID` }),
      )
      expect(lines).toContainEqual(expect.objectContaining({ action: 'SIGNED_IN', actor: name }))
    })

    it('has no password that could be guessed', async () => {
      const { email } = somebody()
      await nowIn()
      for (const password of ['', 'null', 'undefined', 'correct horse battery']) {
        const { data } = await api.query(sessionCreate, { input: { email, password } })
        expect(data.sessionCreate).toMatchObject({ signedIn: null, userErrors: [{ code: 'INVALID' }] })
      }
    })

    it('is the same person the next time, whatever they are called by then', async () => {
      const { sub } = somebody()
      const { user } = await nowIn()
      somebody({ sub, name: 'Another Name', email: 'another@example.org' })
      expect((await nowIn()).user).toEqual(user)
    })

    it('becomes one account when two tabs come at once', async () => {
      const { email } = somebody()
      const browsers = [new Browser(), new Browser()]
      const callbacks = await Promise.all(browsers.map((browser) => atCallback(browser)))
      await Promise.all(browsers.map((browser, index) => browser.visit(callbacks[index]!)))
      const [one, two] = await Promise.all(browsers.map((browser) => signedIn(browser)))
      expect(one!.user).toEqual(two!.user)
      expect(await usersOf(api.core).countDocuments({ email })).toBe(1)
    })

    it('is asked about at the provider when the token tells too little', async () => {
      const { sub } = somebody()
      provider.claims = { sub }
      provider.info = { email: 'Told.Later@example.org', preferred_username: 'told.later' }
      expect((await nowIn()).user).toMatchObject({ email: 'told.later@example.org', name: 'told.later' })
    })

    it('is refused when the answer is about another person', async () => {
      const { sub } = somebody()
      provider.claims = { sub }
      provider.info = { sub: 'person-1', email: 'someone@example.org' }
      expect((await signOn()).problem).toBe('SINGLE_SIGN_ON_REFUSED')
    })

    it.each([
      ['no address', { email: undefined }, 'ADDRESS_MISSING'],
      ['an address that is none', { email: 'somewhere' }, 'ADDRESS_MISSING'],
    ])('gets no account with %s', async (_, claims, problem) => {
      somebody(claims)
      const done = await signOn()
      expect(done.problem).toBe(problem)
      expect(await signedIn(done.browser)).toBeNull()
    })

    it('is called by something that serves as a name', async () => {
      const { email } = somebody({ name: 'Eve\r\n', preferred_username: 'x' })
      expect((await nowIn()).user.name).toBe('Eve')
      somebody({ name: 'Al', preferred_username: 'al' })
      expect((await nowIn()).user.name).toBe(provider.claims.email)
      expect(email).not.toBe(provider.claims.email)
    })
  })

  describe('somebody who has an account', () => {
    const invitation = async (email: string) => {
      // The link goes by mail; its secret stands in for having got that.
      const { data } = await api.query(
        `mutation ($email: String!) { userInvite(input: { email: $email }) { invitation { id } } }`,
        { email },
        ada.token,
      )
      expect(data.userInvite.invitation).toBeTruthy()
      const { data: outbox } = await api.query('{ mails(first: 1) { nodes { to text } } }', {}, ada.token)
      expect(outbox.mails.nodes[0].to).toBe(email)
      return /invitation\?token=([\w-]+)/.exec(outbox.mails.nodes[0].text)![1]!
    }
    const signUp = `mutation ($input: UserSignUpInput!) {
      userSignUp(input: $input) { signedIn { accessToken user { id } } userErrors { message } } }`

    it('keeps it when the provider has verified its address', async () => {
      const { email } = somebody()
      const input = { name: 'Invited', email, password: 'correct horse battery' }
      const { data } = await api.query(signUp, { input: { ...input, invitation: await invitation(email) } })
      const { accessToken, user } = data.userSignUp.signedIn
      expect((await nowIn()).user).toMatchObject({ id: user.id, name: 'Invited' })
      // Who got a mail there has shown to be its owner, so what they had goes on working.
      expect((await api.query('{ viewer { id } }', {}, accessToken)).data.viewer.id).toBe(user.id)
      const again = await api.query(sessionCreate, { input: { email, password: input.password } })
      expect(again.data.sessionCreate.signedIn.user.id).toBe(user.id)
    })

    it('is the first administrator, by password or by the provider', async () => {
      somebody({ email: ada.email.toUpperCase() })
      expect((await nowIn()).user).toMatchObject({ id: ada.userId, administrator: true })
      const { data } = await api.query(sessionCreate, { input: { email: ada.email, password: ada.password } })
      expect(data.sessionCreate.signedIn.user.id).toBe(ada.userId)
    })

    it('is not shut out by, and does not share with, whoever took their address before', async () => {
      const squatter = await api.signUp('Squatter')
      const { data: made } = await api.query(
        `mutation ($day: DateTimeISO!) { apiTokenCreate(input: { name: "mine", level: READ, expiresAt: $day }) { secret } }`,
        { day: new Date(Date.now() + 3600_000) },
        squatter.token,
      )
      const { secret } = made.apiTokenCreate
      const asks = async (token: string) => (await api.query('{ viewer { id } }', {}, token)).data?.viewer?.id
      expect(await asks(secret)).toBe(squatter.userId)

      somebody({ email: squatter.email })
      const { user } = await nowIn()
      expect(user.id).toBe(squatter.userId)
      expect(await asks(squatter.token)).toBeUndefined()
      expect(await asks(secret)).toBeUndefined()
      const { email, password } = squatter
      const { data } = await api.query(sessionCreate, { input: { email, password } })
      expect(data.sessionCreate.signedIn).toBeNull()
    })

    it.each([
      ['was not verified', { email_verified: false }],
      ['is not said to be verified', { email_verified: undefined }],
      ['was verified as text only', { email_verified: 'true' }],
    ])('does not get it by an address that %s', async (_, claims) => {
      const owner = await api.signUp('Owner')
      somebody({ email: owner.email, ...claims })
      const { problem, browser } = await signOn()
      expect(problem).toBe('ADDRESS_TAKEN')
      expect(await signedIn(browser)).toBeNull()
      const stored = await usersOf(api.core).findOne({ email: owner.email })
      expect(stored!.subject ?? null).toBeNull()
      expect(await audited()).toContainEqual(
        expect.objectContaining({ action: 'SIGN_IN_REFUSED', detail: expect.stringContaining(owner.email) }),
      )
    })

    it('does not get one by joining an address of the token with a word from elsewhere', async () => {
      const owner = await api.signUp('Owner')
      const { sub } = somebody()
      provider.claims = { sub, email: owner.email }
      provider.info = { email: 'else@example.org', email_verified: true }
      // The address that was verified is the one that counts.
      expect((await nowIn()).user).toMatchObject({ email: 'else@example.org' })
    })

    it('does not leave it to whoever gets their address after them', async () => {
      const { email } = somebody()
      const { user } = await nowIn()
      somebody({ email })
      expect((await signOn()).problem).toBe('ADDRESS_TAKEN')
      expect((await usersOf(api.core).findOne({ email }))!._id).toEqual(decodeId(user.id, 'User').id)
    })

    it('does not get in while it is switched off, whether it is linked or not', async () => {
      const disable = async (id: string) =>
        expect(
          (
            await api.query(
              'mutation ($id: ID!) { userUpdate(input: { id: $id, disabled: true }) { userErrors { code } } }',
              { id },
              ada.token,
            )
          ).data.userUpdate.userErrors,
        ).toEqual([])
      somebody()
      await disable((await nowIn()).user.id)
      const linked = await signOn()
      const other = await api.signUp('Other')
      await disable(other.userId)
      somebody({ email: other.email })
      const unlinked = await signOn()
      for (const { problem, browser } of [linked, unlinked]) {
        expect(problem).toBe('ACCOUNT_DISABLED')
        expect(await signedIn(browser)).toBeNull()
      }
    })
  })

  describe('the groups of the provider', () => {
    const team = async (name: string, group: string | null, level: string | null) => {
      const input = { name, ...(group && { singleSignOnGroup: group, singleSignOnLevel: level }) }
      const { data } = await api.query(
        'mutation ($input: TeamCreateInput!) { teamCreate(input: $input) { team { id } userErrors { message } } }',
        { input },
        ada.token,
      )
      expect(data.teamCreate.userErrors).toEqual([])
      return data.teamCreate.team.id as string
    }
    const set = async (team: string, user: string, level: string) => {
      const { data } = await api.query(
        `mutation ($team: ID!, $user: ID!, $level: AccessLevel!) {
          teamMembersUpdate(input: { id: $team, set: [{ user: $user, level: $level }] }) { userErrors { message } } }`,
        { team, user, level },
        ada.token,
      )
      expect(data.teamMembersUpdate.userErrors).toEqual([])
    }
    /** How a person is in a team, as the people in it see it. */
    const place = async (team: string, user: string) => {
      const { data } = await api.query(
        'query ($team: ID!) { team(id: $team) { members(first: 200) { nodes { level fromSingleSignOn user { id } } } } }',
        { team },
        ada.token,
      )
      const found = data.team.members.nodes.find((one: { user: { id: string } }) => one.user.id === user)
      return found && [found.level, found.fromSingleSignOn]
    }
    const comesWith = async (groups: unknown) => {
      provider.claims = { ...provider.claims, groups }
      return nowIn()
    }

    it('bring people into teams at their level, and take them out again', async () => {
      const [readers, writers, others] = [
        await team('Readers', 'g-read', 'READ'),
        await team('Writers', 'g-write', 'WRITE'),
        await team('Others', 'g-other', 'ADMIN'),
      ]
      somebody()
      const { user, accessToken } = await comesWith(['g-read', 'g-write', 'unheard of'])
      expect(await place(readers, user.id)).toEqual(['READ', true])
      expect(await place(writers, user.id)).toEqual(['WRITE', true])
      expect(await place(others, user.id)).toBeUndefined()
      const { data } = await api.query('{ teams(first: 9) { nodes { name } } }', {}, accessToken)
      expect(data.teams.nodes.map(({ name }: { name: string }) => name)).toEqual(['Readers', 'Writers'])

      await comesWith(['g-write', 'g-other'])
      expect(await place(readers, user.id)).toBeUndefined()
      expect(await place(writers, user.id)).toEqual(['WRITE', true])
      expect(await place(others, user.id)).toEqual(['ADMIN', true])
      // What is open meanwhile has heard of it.
      const after = await api.query('{ teams(first: 9) { nodes { name } } }', {}, accessToken)
      expect(after.data.teams.nodes.map(({ name }: { name: string }) => name)).toEqual(['Others', 'Writers'])

      await comesWith([])
      for (const one of [readers, writers, others]) expect(await place(one, user.id)).toBeUndefined()
      const lines = (await audited()).filter(({ action }) => action === 'TEAM_MEMBERS_CHANGED')
      expect(lines[0]).toMatchObject({ actor: 'Example ID', detail: `${user.name} left the group` })
    })

    it('may come as one word, from the provider rather than the token, or not at all', async () => {
      const ops = await team('Ops', 'g-ops', 'WRITE')
      somebody()
      const { user } = await comesWith('g-ops')
      expect(await place(ops, user.id)).toEqual(['WRITE', true])
      await comesWith(undefined)
      expect(await place(ops, user.id)).toBeUndefined()
      provider.info = { groups: ['g-ops'] }
      await comesWith(undefined)
      expect(await place(ops, user.id)).toEqual(['WRITE', true])
    })

    it('change nothing while the provider does not tell them', async () => {
      const many = await team('Many', 'g-many', 'WRITE')
      somebody()
      const { user } = await comesWith(['g-many'])
      provider.claims = { ...provider.claims, _claim_names: { groups: 'src1' } }
      await comesWith(undefined)
      expect(await place(many, user.id)).toEqual(['WRITE', true])
    })

    it('never lower what was given by hand, and leave it behind when they go', async () => {
      const hands = await team('Hands', 'g-hands', 'WRITE')
      somebody()
      const { user } = await comesWith([])
      await set(hands, user.id, 'ADMIN')
      await comesWith(['g-hands'])
      expect(await place(hands, user.id)).toEqual(['ADMIN', false])
      await set(hands, user.id, 'READ')
      await comesWith(['g-hands'])
      expect(await place(hands, user.id)).toEqual(['WRITE', true])
      await comesWith([])
      expect(await place(hands, user.id)).toEqual(['READ', false])
    })

    it('do not take the last admin from a team', async () => {
      const led = await team('Led', 'g-led', 'ADMIN')
      somebody()
      const { user } = await comesWith(['g-led'])
      const id = decodeId(led, 'Team').id
      await teamsOf(api.core).updateOne(
        { _id: id },
        { $pull: { access: { principal: decodeId(ada.userId, 'User').id } } as never },
      )
      await comesWith([])
      expect(await place(led, user.id)).toEqual(['ADMIN', true])
      await set(led, ada.userId, 'ADMIN')
      await comesWith([])
      expect(await place(led, user.id)).toBeUndefined()
    })

    it('keep nobody from signing in when a team is full', async () => {
      const full = await team('Full', 'g-full', 'READ')
      const id = decodeId(full, 'Team').id
      const crowd = Array.from({ length: 999 }, (): Member => {
        const principal = new (id.constructor as new () => ObjectId)()
        return { type: 'USER', principal, level: 'READ' }
      })
      await teamsOf(api.core).updateOne({ _id: id }, { $push: { access: { $each: crowd } } } as never)
      somebody()
      const { user } = await comesWith(['g-full'])
      const { access } = (await teamsOf(api.core).findOne({ _id: id }))!
      expect(access).toHaveLength(1000)
      expect(access.some(({ principal }) => principal.equals(decodeId(user.id, 'User').id))).toBe(false)
    })

    it('make administrators and unmake those whom they have made', async () => {
      somebody()
      expect((await comesWith(['maestro-admins'])).user.administrator).toBe(true)
      expect((await comesWith([])).user.administrator).toBe(false)
      somebody()
      const { user } = await comesWith([])
      const { data } = await api.query(
        'mutation ($id: ID!) { userUpdate(input: { id: $id, administrator: true }) { userErrors { code } } }',
        { id: user.id },
        ada.token,
      )
      expect(data.userUpdate.userErrors).toEqual([])
      expect((await comesWith([])).user.administrator).toBe(true)
      const lines = await audited()
      expect(lines.filter(({ actor }) => actor === 'Example ID').map(({ action }) => action)).toEqual(
        expect.arrayContaining(['USER_PROMOTED', 'USER_DEMOTED']),
      )
    })

    it('do not take the last administrator', async () => {
      somebody()
      const { user } = await comesWith(['maestro-admins'])
      const others = { administrator: true, _id: { $ne: decodeId(user.id, 'User').id } }
      const ids = (await usersOf(api.core).find(others).toArray()).map(({ _id }) => _id)
      const write = (administrator: boolean) =>
        usersOf(api.core).updateMany({ _id: { $in: ids } }, { $set: { administrator } })
      await write(false)
      expect((await comesWith([])).user.administrator).toBe(true)
      await write(true)
      expect((await comesWith([])).user.administrator).toBe(false)
    })
  })

  describe('a way back that is not the one that was begun', () => {
    const refusedAt = async (browser: Browser, url: string, problem: string) => {
      const { status, location } = await browser.visit(url)
      expect([status, location]).toEqual([303, `${api.url}/sign-in?problem=${problem}`])
      expect(await signedIn(browser)).toBeNull()
    }
    const changed = (url: string, name: string, value: string | null) => {
      const other = new URL(url)
      if (value === null) other.searchParams.delete(name)
      else other.searchParams.set(name, value)
      return other.href
    }

    it('is refused in another browser', async () => {
      await refusedAt(new Browser(), await atCallback(new Browser()), 'SINGLE_SIGN_ON_EXPIRED')
    })

    it.each([
      ['another state', 'state', 'x'.repeat(43)],
      ['no state', 'state', null],
    ])('is refused with %s, and the right one still works', async (_, name, value) => {
      const browser = new Browser()
      const url = await atCallback(browser)
      await refusedAt(browser, changed(url, name, value), 'SINGLE_SIGN_ON_EXPIRED')
      await browser.visit(url)
      expect(await signedIn(browser)).not.toBeNull()
    })

    it('is refused with the state of another browser', async () => {
      const [mine, theirs] = [new Browser(), new Browser()]
      await atCallback(mine)
      await refusedAt(mine, await atCallback(theirs), 'SINGLE_SIGN_ON_EXPIRED')
    })

    it('is refused the second time, also with a copy of the cookie', async () => {
      const browser = new Browser()
      const url = await atCallback(browser)
      const copy = browser.copy()
      await browser.visit(url)
      expect(await signedIn(browser)).not.toBeNull()
      await refusedAt(copy, url, 'SINGLE_SIGN_ON_EXPIRED')
      await refusedAt(new Browser(), url, 'SINGLE_SIGN_ON_EXPIRED')
    })

    describe('in time', () => {
      beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
      afterEach(() => void vi.useRealTimers())

      it.each([
        [9, null],
        [11, 'SINGLE_SIGN_ON_EXPIRED'],
      ])('after %i minutes', async (minutes, problem) => {
        const browser = new Browser()
        const url = await atCallback(browser)
        vi.setSystemTime(Date.now() + minutes * 60_000)
        const { location } = await browser.visit(url)
        expect(new URL(location!).searchParams.get('problem')).toBe(problem)
      })
    })

    it('is refused with a cookie that somebody has made up', async () => {
      const made = Buffer.from('{"for":"sign-on"}').toString('base64url')
      const url = await atCallback(new Browser())
      for (const cookie of [made, `${made}.${made}.${made}`, '', 'x'.repeat(3000)]) {
        const { headers } = await fetch(url, {
          redirect: 'manual',
          headers: { cookie: `maestro-sign-on=${cookie}` },
        })
        expect(headers.get('location')).toBe('/sign-in?problem=SINGLE_SIGN_ON_EXPIRED')
      }
    })

    it('ends at the page to sign in when the provider refuses', async () => {
      provider.refusal = 'access_denied'
      const { page, browser } = await signOn()
      expect(page).toBe('/sign-in?problem=SINGLE_SIGN_ON_REFUSED')
      expect(await signedIn(browser)).toBeNull()
    })

    it('comes back to where it was, at the longest', async () => {
      const page = `/servers?filter=${'x'.repeat(1984)}`
      expect((await signOn(new Browser(), api, page)).page).toBe(page)
    })

    it('is refused with a code that is not for it', async () => {
      const [mine, theirs] = [new Browser(), new Browser()]
      const url = await atCallback(mine)
      const code = new URL(await atCallback(theirs)).searchParams.get('code')
      await refusedAt(mine, changed(url, 'code', code), 'SINGLE_SIGN_ON_REFUSED')
    })
  })

  describe('a token', () => {
    /** Signs in with what `sign` makes of the nonce of that sign-in. */
    const withToken = async (sign: (claims: Record<string, unknown>) => Promise<string> | string) => {
      const browser = new Browser()
      const seen = await browser.follow(start(api), (url) => url.includes('/callback'))
      const nonce = new URL(seen[1]!).searchParams.get('nonce')
      const now = Math.floor(Date.now() / 1000)
      const standard = { iss: provider.issuer, aud: 'maestro', nonce, iat: now, exp: now + 60 }
      provider.forged = await sign({ ...standard, ...provider.claims })
      const { location } = await browser.visit(seen.at(-1)!)
      return {
        problem: new URL(location!).searchParams.get('problem'),
        user: (await signedIn(browser))?.user,
      }
    }

    it('that somebody else has signed is refused, under whatever name of a key', async () => {
      const { privateKey } = await generateKeyPair('RS256')
      for (const kid of [provider.keyName, 'another'])
        expect(
          await withToken((claims) =>
            new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey),
          ),
        ).toEqual({ problem: 'SINGLE_SIGN_ON_REFUSED' })
    })

    it('that nobody has signed is refused', async () => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      expect(await withToken((claims) => `${part({ alg: 'none' })}.${part(claims)}.`)).toEqual({
        problem: 'SINGLE_SIGN_ON_REFUSED',
      })
    })

    it('that is signed with the secret is refused', async () => {
      const secret = new TextEncoder().encode(api.core.config.OIDC_CLIENT_SECRET)
      expect(
        await withToken((claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)),
      ).toEqual({ problem: 'SINGLE_SIGN_ON_REFUSED' })
    })

    it.each([
      ['for another sign-in', { nonce: 'x'.repeat(43) }],
      ['for no sign-in', { nonce: undefined }],
      ['for somebody else', { aud: 'another-client' }],
      ['from somebody else', { iss: 'http://localhost:1' }],
      ['of yesterday', { exp: Math.floor(Date.now() / 1000) - 86_400 }],
      ['about nobody', { sub: undefined }],
    ])('%s is refused', async (_, claims) => {
      somebody(claims)
      const { problem, browser } = await signOn()
      expect(problem).toBe('SINGLE_SIGN_ON_REFUSED')
      expect(await signedIn(browser)).toBeNull()
    })

    it('that the provider has signed is taken', async () => {
      const { problem, user } = await withToken(() => null as never)
      expect(problem).toBeNull()
      expect(user).toMatchObject({ email: provider.claims.email })
    })
  })

  it('says nothing but a word about what went wrong', async () => {
    somebody({ iss: 'http://localhost:1', email: 'secret-of-eve@example.org' })
    const browser = new Browser()
    const { headers, body } = await browser.visit(await atCallback(browser))
    const all = JSON.stringify([...headers]) + body
    expect(all).toContain('SINGLE_SIGN_ON_REFUSED')
    expect(all).not.toMatch(/secret-of-eve|localhost:1|nonce|claim/)
  })
})

describe('the page to go to afterwards', () => {
  it.each([
    '/',
    '/servers',
    '/servers?filter=%7B%22a%22%3A1%7D&sort=name',
    '/servers/U2VydmVyOjE#history',
    '/?next=https://evil.example/',
  ])('may be %s', (path) => expect(ownPath(path)).toBe(path))

  it.each([
    undefined,
    '',
    'servers',
    'https://evil.example/',
    '//evil.example/',
    '///evil.example/',
    '/\\evil.example/',
    '\\\\evil.example/',
    '/\t/evil.example/',
    '/\n/evil.example/',
    '/.//evil.example/',
    '/a/..//evil.example/',
    '/%2e%2e//evil.example',
    ' /servers',
    'javascript:alert(1)',
    '/auth/oidc/start',
    '/graphql',
    ['/servers'],
  ])('may not be %j', (path) => expect(ownPath(path)).toBe('/'))

  it('may not be longer than a cookie keeps', () => {
    expect(ownPath(`/${'x'.repeat(1999)}`)).toHaveLength(2000)
    expect(ownPath(`/${'x'.repeat(2000)}`)).toBe('/')
  })
})

describe('a provider that is away', () => {
  it('does not keep Maestro from starting, nor people from passwords, and works when it is back', async () => {
    await provider.stop()
    const api = await withProvider()
    const passwords = await api.signUp()
    expect(passwords.token).toBeTruthy()
    expect((await signOn(new Browser(), api)).page).toBe('/sign-in?problem=SINGLE_SIGN_ON_AWAY')
    await provider.start()
    expect((await signOn(new Browser(), api)).problem).toBeNull()
    const before = provider.discoveries
    expect((await signOn(new Browser(), api)).problem).toBeNull()
    expect(provider.discoveries).toBe(before)

    const browser = new Browser()
    const url = await atCallback(browser, api)
    await provider.stop()
    const { location } = await browser.visit(url)
    expect(location).toBe(`${api.url}/sign-in?problem=SINGLE_SIGN_ON_AWAY`)
    expect(await signedIn(browser, api)).toBeNull()
    await provider.start()
    await api.close()
  })

  it('is not even asked without TLS, unless it is for a trial', async () => {
    await expect(withProvider({ ALLOW_LOOPBACK_ENDPOINTS: 'false' })).rejects.toThrow('- OIDC_ISSUER must')
    const api = await withProvider()
    api.core.config.ALLOW_LOOPBACK_ENDPOINTS = false
    const before = provider.discoveries
    expect((await signOn(new Browser(), api)).problem).toBe('SINGLE_SIGN_ON_AWAY')
    expect(provider.discoveries).toBe(before)
    await api.close()
  })
})

describe('without a single sign-on', () => {
  it('there is no such address', async () => {
    const api = await startTestApi()
    for (const path of ['start', 'callback?code=x&state=y']) {
      const { headers } = await fetch(`${api.url}/auth/oidc/${path}`, { redirect: 'manual' })
      expect(headers.get('location')).toBeNull()
      expect(headers.get('set-cookie')).toBeNull()
    }
    expect((await api.query('{ installation { singleSignOn passwordSignIn } }')).data.installation).toEqual({
      singleSignOn: null,
      passwordSignIn: true,
    })
    await api.close()
  })
})

describe('without passwords', () => {
  let api: TestApi
  beforeAll(async () => void (api = await withProvider({ PASSWORD_SIGN_IN: 'false' })))
  afterAll(() => api.close())

  it('everything that needs one is closed, and says so', async () => {
    const { data } = await api.query('{ installation { singleSignOn passwordSignIn signUpOpen } }')
    expect(data.installation).toEqual({
      singleSignOn: 'Example ID',
      passwordSignIn: false,
      signUpOpen: false,
    })
    const email = 'someone@example.org'
    const password = 'correct horse battery'
    for (const [field, type, input] of [
      ['userSignUp', 'UserSignUpInput', { name: 'Someone', email, password }],
      ['sessionCreate', 'SessionCreateInput', { email, password }],
      ['passwordResetRequest', 'PasswordResetRequestInput', { email }],
      ['passwordReset', 'PasswordResetInput', { token: 'x'.repeat(43), password }],
    ] as const) {
      const { errors } = await api.query(
        `mutation ($input: ${type}!) { ${field}(input: $input) { userErrors { code } } }`,
        { input },
      )
      expect([field, errors?.[0]?.extensions.code]).toEqual([field, 'FORBIDDEN'])
    }
    expect(await usersOf(api.core).countDocuments()).toBe(0)
  })

  it('the first person is the administrator, where no group says who is', async () => {
    expect((await nowIn(api)).user.administrator).toBe(true)
    somebody()
    expect((await nowIn(api)).user.administrator).toBe(false)
  })

  it('the first person is none where a group says who is', async () => {
    const other = await withProvider({
      PASSWORD_SIGN_IN: 'false',
      OIDC_ADMINISTRATOR_GROUP: 'maestro-admins',
    })
    expect((await nowIn(other)).user.administrator).toBe(false)
    somebody({ groups: ['maestro-admins'] })
    expect((await nowIn(other)).user.administrator).toBe(true)
    await other.close()
  })
})

describe('somebody who tries very often', () => {
  it('has to wait, and then is not even listened to', async () => {
    const api = await withProvider()
    const right = new Browser()
    const url = await atCallback(right, api)
    const answers = await Promise.all(
      Array.from({ length: 70 }, () =>
        fetch(`${api.url}/auth/oidc/callback?code=x&state=y`, { redirect: 'manual' }),
      ),
    )
    const waits = answers.filter(({ headers }) => headers.get('location') === '/sign-in?problem=RATE_LIMITED')
    expect(waits).toHaveLength(10)
    expect((await right.visit(url)).location).toBe(`${api.url}/sign-in?problem=RATE_LIMITED`)
    await api.close()
  })

  it('may succeed as often as they like', async () => {
    const api = await withProvider()
    somebody()
    for (let time = 0; time < 65; time++) expect((await signOn(new Browser(), api)).problem).toBeNull()
    await api.close()
  })
})
