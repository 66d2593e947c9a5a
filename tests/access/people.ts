import { randomBytes } from 'node:crypto'
import { ObjectId } from 'mongodb'
import { ApiToken, apiTokensOf } from '../../core/accounts/apiToken.ts'
import { AuthSession } from '../../core/accounts/authSession.ts'
import { Team, teamsOf } from '../../core/accounts/team.ts'
import { hashApiToken, makeAccessToken, newApiToken } from '../../core/accounts/tokens.ts'
import { principalOf, User, usersOf } from '../../core/accounts/user.ts'
import type { AccessLevel, Principal } from '../../core/platform/access.ts'
import type { Core } from '../../core/platform/core.ts'
import { encodeId } from '../../core/platform/ids.ts'

export interface Person {
  _id: ObjectId
  id: string
  name: string
  email: string
  token: string
}

const soon = () => new Date(Date.now() + 3600_000)

/** A person who is signed in, without a password that would take time to hash. */
export async function makePerson(core: Core, name: string, more: Partial<User> = {}): Promise<Person> {
  const user = Object.assign(new User(), {
    _id: new ObjectId(),
    name,
    email: `${randomBytes(6).toString('hex')}@example.org`,
    ...more,
  })
  await usersOf(core).insertOne({ ...user } as User)
  const { token } = await signInAs(core, user._id)
  return { _id: user._id, id: encodeId('User', user._id), name, email: user.email, token }
}

/** One more browser of a person. */
export async function signInAs(core: Core, user: ObjectId): Promise<{ id: string; token: string }> {
  const session = new ObjectId()
  await core.db.collection<AuthSession>('authSessions').insertOne({
    _id: session,
    user,
    familyHash: randomBytes(32).toString('base64url'),
    generation: 1,
    rotatedAt: new Date(),
    createdAt: new Date(),
    expiresAt: soon(),
  } as AuthSession)
  const { accessToken } = await makeAccessToken(core.config, { user, session }, new Date())
  return { id: encodeId('SignIn', session), token: accessToken }
}

export async function makeTeam(
  core: Core,
  name: string,
  members: [Pick<Person, '_id'>, AccessLevel][],
): Promise<{ _id: ObjectId; id: string; name: string }> {
  const team = Object.assign(new Team(), {
    _id: new ObjectId(),
    name,
    email: null,
    url: null,
    avatar: null,
    access: members.map(([{ _id }, level]) => ({ ...principalOf(_id), level })),
    singleSignOnGroup: null,
    singleSignOnLevel: null,
    createdBy: members[0]![0]._id,
    disabledAt: null,
    version: 1,
    createdAt: new Date(),
  })
  await teamsOf(core).insertOne({ ...team } as Team)
  return { _id: team._id, id: encodeId('Team', team._id), name }
}

/** A token of somebody. @returns the token itself and its id */
export async function makeToken(
  core: Core,
  owner: Principal,
  level: AccessLevel,
  team: ObjectId | null = null,
): Promise<{ id: string; token: string }> {
  const token = newApiToken()
  const record = Object.assign(new ApiToken(), {
    _id: new ObjectId(),
    name: 'script',
    hash: hashApiToken(token),
    hint: token.slice(0, 13),
    owner,
    level,
    team,
    createdByName: 'Test',
    createdAt: new Date(),
    expiresAt: soon(),
    lastUsedAt: new Date(),
  })
  await apiTokensOf(core).insertOne({ ...record } as ApiToken)
  return { id: encodeId('ApiToken', record._id), token }
}
