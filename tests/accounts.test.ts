import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../api/testing.ts'
import { sweepLinks } from '../core/accounts/mailedLink.ts'
import { decodeId } from '../core/platform/ids.ts'
import { codes, forgetMails, mailTo, mutate } from './access/ask.ts'
import { makePerson, makeTeam, type Person, signInAs } from './access/people.ts'

let api: TestApi
let administrator: Person
beforeAll(async () => {
  api = await startTestApi({ settings: { OPEN_SIGNUP: 'false' } })
  administrator = await makePerson(api.core, 'Ada Administrator', { administrator: true })
})
afterAll(() => api.close())
beforeEach(async () => {
  await forgetMails(api)
  // Counted attempts are another test's matter.
  const keys = await api.core.redis.keys(`*${api.core.config.MONGODB_DATABASE}*:attempts:*`)
  if (keys.length) await api.core.redis.del(keys)
})

const password = 'correct horse battery'
let count = 0
const address = () => `person-${count++}@example.org`

/** A person with a password, let in by an invitation. */
async function join(name = 'Paul Person') {
  const email = address()
  await mutate(api, administrator.token, 'userInvite', { email })
  const { secret } = await mailTo(api, administrator.token, email)
  const answer = await signUp(email, secret, name)
  const { accessToken, user } = answer.signedIn
  return { email, token: accessToken as string, id: user.id as string, cookie: answer.cookie as string }
}
const signUp = (email: string, invitation: string | null, name = 'Paul Person') =>
  mutate(
    api,
    null,
    'userSignUp',
    { name, email, password, invitation },
    'signedIn { accessToken user { id } }',
  )
const signIn = (email: string, given = password, code?: string) =>
  mutate(
    api,
    null,
    'sessionCreate',
    { email, password: given, code },
    'secondFactorNeeded signedIn { accessToken user { id } }',
  )
const viewer = async (token: string) =>
  (await api.query('{ viewer { id email name } }', {}, token)).data.viewer

describe('an invitation', () => {
  it('lets one person in, once, by the link of the mail, and into the team', async () => {
    const lead = await makePerson(api.core, 'Lea Lead')
    const team = await makeTeam(api.core, 'Operations', [[lead, 'ADMIN']])
    const email = address()
    const sent = await mutate(api, lead.token, 'userInvite', { email, team: team.id, level: 'WRITE' })
    expect(codes(sent)).toEqual([])
    const mail = await mailTo(api, administrator.token, email)
    expect(mail.text).toContain('Lea Lead invites you to the team Operations')
    expect(mail.text).toContain(`${api.url}/invitation?token=`)

    const preview =
      'query ($token: String!) { invitation(token: $token) { email team invitedBy hasAccount } }'
    expect((await api.query(preview, { token: mail.secret })).data.invitation).toEqual({
      email,
      team: 'Operations',
      invitedBy: 'Lea Lead',
      hasAccount: false,
    })
    expect(codes(await signUp(address(), mail.secret))).toEqual(['INVALID'])
    const { signedIn } = await signUp(email, mail.secret)
    const { data } = await api.query('{ teams { nodes { name viewerLevel } } }', {}, signedIn.accessToken)
    expect(data.teams.nodes).toEqual([{ name: 'Operations', viewerLevel: 'WRITE' }])

    expect((await api.query(preview, { token: mail.secret })).data.invitation).toBeNull()
    expect(codes(await signUp(address(), mail.secret))).toEqual(['INVALID'])
    expect(codes(await signUp(address(), null))).toEqual(['FORBIDDEN'])
  })

  it('brings somebody with an account into a team, and nobody else', async () => {
    const lead = await makePerson(api.core, 'Lea Lead')
    const team = await makeTeam(api.core, 'Network', [[lead, 'ADMIN']])
    const [guest, stranger] = [await join(), await join()]
    await forgetMails(api)
    await mutate(api, lead.token, 'userInvite', { email: guest.email, team: team.id, level: 'READ' })
    const { secret } = await mailTo(api, administrator.token, guest.email)
    const accept = (token: string) =>
      mutate(api, token, 'invitationAccept', { token: secret }, 'team { name }')
    expect(codes(await accept(stranger.token))).toEqual(['INVALID'])
    expect(await accept(guest.token)).toMatchObject({ team: { name: 'Network' }, userErrors: [] })
    expect(codes(await accept(guest.token))).toEqual(['INVALID'])
  })

  it('is worth nothing when it was taken back, or a newer one was sent', async () => {
    const email = address()
    const { invitation } = await mutate(
      api,
      administrator.token,
      'userInvite',
      { email },
      'invitation { id }',
    )
    const first = await mailTo(api, administrator.token, email)
    await forgetMails(api)
    const ref = { inputType: 'InvitationRefInput' }
    await mutate(api, administrator.token, 'invitationResend', { id: invitation.id }, '', ref)
    const second = await mailTo(api, administrator.token, email)
    expect(codes(await signUp(email, first.secret))).toEqual(['INVALID'])
    await mutate(api, administrator.token, 'invitationRevoke', { id: invitation.id }, '', ref)
    expect(codes(await signUp(email, second.secret))).toEqual(['INVALID'])
  })
})

describe('a forgotten password', () => {
  const request = (email: string) => mutate(api, null, 'passwordResetRequest', { email })
  const reset = (token: string, next = 'another good password') =>
    mutate(api, null, 'passwordReset', { token, password: next })

  it('is replaced by the link of a mail, once, and signs out everywhere', async () => {
    const person = await join()
    await forgetMails(api)
    expect(codes(await request(person.email.toUpperCase()))).toEqual([])
    const { secret, text } = await mailTo(api, administrator.token, person.email)
    expect(text).toContain(`${api.url}/reset-password?token=`)
    expect(codes(await reset(secret, 'short'))).toEqual(['INVALID'])
    expect(codes(await reset(secret))).toEqual([])
    expect(await viewer(person.token)).toBeNull()
    expect(codes(await signIn(person.email))).toEqual(['INVALID'])
    expect((await signIn(person.email, 'another good password')).signedIn).toBeTruthy()
    expect(codes(await reset(secret))).toEqual(['INVALID'])
  })

  it('does not tell whether there is an account', async () => {
    const person = await join()
    const [known, unknown] = [await request(person.email), await request('nobody@example.org')]
    expect(known).toEqual(unknown)
  })

  it('has to be replaced within half an hour, by the newest link', async () => {
    const person = await join()
    await forgetMails(api)
    await request(person.email)
    const first = await mailTo(api, administrator.token, person.email)
    await forgetMails(api)
    await request(person.email)
    const second = await mailTo(api, administrator.token, person.email)
    expect(codes(await reset(first.secret))).toEqual(['INVALID'])
    const links = api.core.db.collection('mailedLinks')
    const { expiresAt } = (await links.findOne({ user: decodeId(person.id).id }))!
    expect((expiresAt as Date).getTime() - Date.now()).toBeLessThanOrEqual(30 * 60_000)
    await links.updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } })
    expect(codes(await reset(second.secret))).toEqual(['INVALID'])
    await sweepLinks(api.core)
    expect(await links.countDocuments()).toBe(0)
  })
})

describe('a change of address', () => {
  it('holds when the link that was sent to the new one is followed; the old one is told', async () => {
    const person = await join()
    const next = address()
    const change = (email: string, given = password) =>
      mutate(api, person.token, 'emailChangeRequest', { email, password: given })
    expect(codes(await change(next, 'wrong'))).toEqual(['INVALID'])
    const other = await join()
    await forgetMails(api)
    expect(await change(other.email)).toEqual(await change(next))
    expect((await mailTo(api, administrator.token, other.email)).text).toContain(
      'belongs to an account already',
    )
    const { secret } = await mailTo(api, administrator.token, next)
    await forgetMails(api)
    expect((await viewer(person.token)).email).toBe(person.email)
    expect(codes(await mutate(api, null, 'emailChangeConfirm', { token: secret }))).toEqual([])
    expect((await viewer(person.token)).email).toBe(next)
    expect((await mailTo(api, administrator.token, person.email)).text).toContain(next)
    expect(codes(await mutate(api, null, 'emailChangeConfirm', { token: secret }))).toEqual(['INVALID'])
  })
})

describe('a second factor', () => {
  const codeOf = (secret: string, ahead = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ahead * 30_000 })

  async function withFactor() {
    const person = await join()
    const { secret, uri } = await mutate(api, person.token, 'secondFactorBegin', { password }, 'secret uri')
    expect(uri).toMatch(/^otpauth:\/\/totp\/Maestro:/)
    expect((await signIn(person.email)).signedIn).toBeTruthy()
    expect(codes(await mutate(api, person.token, 'secondFactorConfirm', { code: '000000' }))).toEqual([
      'INVALID',
    ])
    const { recoveryCodes } = await mutate(
      api,
      person.token,
      'secondFactorConfirm',
      { code: codeOf(secret, -1) },
      'recoveryCodes',
    )
    expect(recoveryCodes).toHaveLength(10)
    return { ...person, secret: secret as string, recoveryCodes: recoveryCodes as string[] }
  }

  it('is asked for after the right password alone, and each code is good once', async () => {
    const person = await withFactor()
    expect(await signIn(person.email)).toMatchObject({
      signedIn: null,
      secondFactorNeeded: true,
      userErrors: [],
    })
    expect(await signIn(person.email, 'wrong')).toMatchObject({ secondFactorNeeded: false })
    expect(codes(await signIn(person.email, password, '123456'))).toEqual(['INVALID'])
    const code = codeOf(person.secret)
    expect((await signIn(person.email, password, code)).signedIn).toBeTruthy()
    expect(codes(await signIn(person.email, password, code))).toEqual(['INVALID'])
    expect(codes(await signIn(person.email, password, codeOf(person.secret, -1)))).toEqual(['INVALID'])
  })

  it('can be replaced by a recovery code, once each, also when two come at once', async () => {
    const person = await withFactor()
    const [code] = person.recoveryCodes
    const tries = await Promise.all([1, 2, 3].map(() => signIn(person.email, password, code!.toLowerCase())))
    expect(tries.filter(({ signedIn }) => signedIn)).toHaveLength(1)
    const stored = await api.core.db.collection('users').findOne({ email: person.email })
    expect(JSON.stringify(stored)).not.toContain(person.secret)
    for (const one of person.recoveryCodes) expect(JSON.stringify(stored)).not.toContain(one)
  })

  it('stays when the password is reset, and goes with password and code, or by an administrator', async () => {
    const person = await withFactor()
    await forgetMails(api)
    await mutate(api, null, 'passwordResetRequest', { email: person.email })
    const { secret } = await mailTo(api, administrator.token, person.email)
    await mutate(api, null, 'passwordReset', { token: secret, password })
    expect((await signIn(person.email)).secondFactorNeeded).toBe(true)
    const { signedIn } = await signIn(person.email, password, person.recoveryCodes[0])
    const proof = { inputType: 'SecondFactorProofInput' }
    const remove = (code: string) =>
      mutate(api, signedIn.accessToken, 'secondFactorRemove', { password, code }, '', proof)
    expect(codes(await remove('123456'))).toEqual(['INVALID'])
    expect(codes(await remove(person.recoveryCodes[1]!))).toEqual([])
    expect((await signIn(person.email)).signedIn).toBeTruthy()

    const other = await withFactor()
    await mutate(api, administrator.token, 'userSecondFactorReset', { id: other.id }, '', {
      inputType: 'UserRefInput',
    })
    expect(await viewer(other.token)).toBeNull()
    expect((await signIn(other.email)).signedIn).toBeTruthy()
  })

  it('cannot be guessed at', async () => {
    const person = await withFactor()
    const outcomes = []
    for (let n = 0; n < 15; n++)
      outcomes.push(codes(await signIn(person.email, password, String(100_000 + n)))[0])
    expect(outcomes.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThanOrEqual(4)
  })
})

describe('sign-ins', () => {
  it('are listed with where they come from, and end one by one or all at once', async () => {
    const person = await join()
    const second = await signInAs(api.core, decodeId(person.id).id)
    const list = async () =>
      (await api.query('{ signIns { id current userAgent address } }', {}, person.token)).data.signIns as {
        id: string
        current: boolean
      }[]
    expect(await list()).toHaveLength(2)
    expect((await list()).filter(({ current }) => current)).toHaveLength(1)
    await mutate(api, person.token, 'signInEnd', { id: second.id })
    expect(await viewer(second.token)).toBeNull()
    const third = await signInAs(api.core, decodeId(person.id).id)
    const { ended } = await mutate(api, person.token, 'signInsEnd', { exceptThis: true }, 'ended')
    expect(ended).toBe(1)
    expect(await viewer(third.token)).toBeNull()
    expect(await viewer(person.token)).toBeTruthy()
    await mutate(api, person.token, 'signInsEnd', {})
    expect(await viewer(person.token)).toBeNull()
  })

  it('end elsewhere when the password is changed', async () => {
    const person = await join()
    const other = await signInAs(api.core, decodeId(person.id).id)
    const change = (current: string, next: string) =>
      mutate(api, person.token, 'passwordChange', { current, password: next })
    expect(await change('wrong', 'a much better one')).toMatchObject({
      userErrors: [{ code: 'INVALID', field: ['current'] }],
    })
    expect(codes(await change(password, 'a much better one'))).toEqual([])
    expect(await viewer(other.token)).toBeNull()
    expect(await viewer(person.token)).toBeTruthy()
    expect((await signIn(person.email, 'a much better one')).signedIn).toBeTruthy()
  })
})

describe('an API token', () => {
  const inAnHour = () => new Date(Date.now() + 3600_000).toISOString()
  const make = (token: string, input: Record<string, unknown>) =>
    mutate(
      api,
      token,
      'apiTokenCreate',
      { name: 'script', level: 'WRITE', expiresAt: inAnHour(), ...input },
      'secret apiToken { id hint }',
    )

  it('is shown once, stored as a hash, and tells when it was used', async () => {
    const person = await join()
    const { secret, apiToken } = await make(person.token, {})
    expect(secret).toMatch(/^maestro_[\w-]{43}$/)
    expect(secret.startsWith(apiToken.hint.slice(0, -1))).toBe(true)
    expect(JSON.stringify(await api.core.db.collection('apiTokens').find().toArray())).not.toContain(secret)
    expect((await viewer(secret)).email).toBe(person.email)
    const list = '{ apiTokens { nodes { name level lastUsedAt viewerCan { revoke } } } }'
    await expect
      .poll(async () => (await api.query(list, {}, person.token)).data.apiTokens.nodes[0].lastUsedAt)
      .not.toBeNull()
    await mutate(api, person.token, 'apiTokenRevoke', { id: apiToken.id })
    expect(await viewer(secret)).toBeNull()
  })

  it('does no more than its level, and never what secures an account', async () => {
    const person = await join()
    const reader = (await make(person.token, { level: 'READ' })).secret as string
    const writer = (await make(person.token, { level: 'WRITE' })).secret as string
    const create = (token: string) =>
      mutate(api, token, 'datacenterCreate', { name: 'Rack', provider: 'own' }, 'datacenter { id }')
    expect(codes(await create(reader))).toEqual(['FORBIDDEN'])
    const { datacenter } = await create(writer)
    const retire = (token: string) =>
      mutate(api, token, 'assetsRetire', { assets: [{ id: datacenter.id, version: 1 }] })
    expect(codes(await retire(writer))).toEqual(['FORBIDDEN'])
    const admin = (await make(person.token, { level: 'ADMIN' })).secret as string
    expect(codes(await retire(admin))).toEqual([])
    expect(codes(await make(admin, {}))).toEqual(['FORBIDDEN'])
    expect(
      codes(await mutate(api, admin, 'passwordChange', { current: password, password: 'a new one here' })),
    ).toEqual(['FORBIDDEN'])
  })

  it('of a team outlives the membership of whoever made it, and goes with the team', async () => {
    const lead = await join('Lea Lead')
    const { team } = await mutate(api, lead.token, 'teamCreate', { name: 'Storage' }, 'team { id }')
    const second = await makePerson(api.core, 'Second Lead')
    await mutate(api, administrator.token, 'teamMembersUpdate', {
      id: team.id,
      set: [{ user: second.id, level: 'ADMIN' }],
    })
    const { secret } = await make(lead.token, { owner: team.id })
    const { secret: mine } = await make(lead.token, { team: team.id })
    const { datacenter } = await mutate(
      api,
      secret,
      'datacenterCreate',
      { name: 'Vault', provider: 'own' },
      'datacenter { id access { type level } }',
    )
    expect(datacenter.access).toEqual([{ type: 'TEAM', level: 'ADMIN' }])
    expect(await viewer(secret)).toBeNull()
    await mutate(api, lead.token, 'teamLeave', { id: team.id })
    const sees = async (token: string) =>
      (await api.query('{ datacenters { nodes { name } } }', {}, token)).data?.datacenters.nodes.length ??
      'refused'
    expect(await sees(secret)).toBe(1)
    expect(await sees(mine)).toBe('refused')
    await mutate(api, second.token, 'teamDelete', { id: team.id, heir: second.id })
    expect(await sees(secret)).toBe('refused')
  })

  it('runs out, and lives a year at most', async () => {
    const person = await join()
    const days = (count: number) => new Date(Date.now() + count * 24 * 3600_000).toISOString()
    expect(codes(await make(person.token, { expiresAt: days(-1) }))).toEqual(['INVALID'])
    expect(codes(await make(person.token, { expiresAt: days(400) }))).toEqual(['INVALID'])
    const { secret } = await make(person.token, {})
    await api.core.db
      .collection('apiTokens')
      .updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } })
    expect(await viewer(secret)).toBeNull()
  })
})

describe('administrators', () => {
  it('switch accounts off at once, and always leave one of their own', async () => {
    const person = await join()
    const update = (input: Record<string, unknown>) =>
      mutate(api, administrator.token, 'userUpdate', input, 'user { disabled administrator }')
    expect((await update({ id: person.id, disabled: true })).user.disabled).toBe(true)
    expect(await viewer(person.token)).toBeNull()
    expect(codes(await signIn(person.email))).toEqual(['INVALID'])
    await update({ id: person.id, disabled: false })
    expect((await signIn(person.email)).signedIn).toBeTruthy()
    expect(codes(await update({ id: administrator.id, administrator: false }))).toEqual(['REQUIRED'])
    expect(codes(await update({ id: administrator.id, disabled: true }))).toEqual(['REQUIRED'])
    expect(
      codes(await mutate(api, administrator.token, 'userDelete', { id: administrator.id, heir: person.id })),
    ).toEqual(['REQUIRED'])
    expect(await viewer(administrator.token)).toBeTruthy()
    const { data } = await api.query(
      '{ audit(first: 5) { nodes { action actor subject } } }',
      {},
      administrator.token,
    )
    expect(data.audit.nodes).toContainEqual({
      action: 'USER_ENABLED',
      actor: 'Ada Administrator',
      subject: 'Paul Person',
    })
  })

  it('unmake each other at once, and still one is left', async () => {
    const second = await makePerson(api.core, 'Second', { administrator: true })
    const demote = (by: Person, whom: Person) =>
      mutate(api, by.token, 'userUpdate', { id: whom.id, administrator: false })
    await Promise.all([demote(administrator, second), demote(second, administrator)])
    const left = await api.core.db
      .collection('users')
      .countDocuments({ administrator: true, disabledAt: null })
    expect(left).toBeGreaterThanOrEqual(1)
    await api.core.db
      .collection('users')
      .updateOne({ _id: administrator._id }, { $set: { administrator: true } })
  })

  it('see how the installation is doing', async () => {
    const { data } = await api.query(
      '{ systemStatus { versions { name version } collections { name count sizeBytes indexBytes } queues { name waiting workers } files mailServer } }',
      {},
      administrator.token,
    )
    expect(data.systemStatus.versions.map(({ name }: { name: string }) => name)).toEqual([
      'Maestro',
      'Node.js',
      'MongoDB',
      'Redis',
      'Operating system',
    ])
    const users = data.systemStatus.collections.find(({ name }: { name: string }) => name === 'users')
    expect(users.count).toBe(await api.core.db.collection('users').countDocuments())
    expect(users.sizeBytes).toBeGreaterThan(0)
  })
})
