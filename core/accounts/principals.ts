import type { ObjectId } from 'mongodb'
import type { Principal } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { fault } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import type { CallerSession } from './caller.ts'
import { findPeople, findPeopleById } from './people.ts'
import { type Team, teamsOf } from './team.ts'
import { findTeams, findTeamsById } from './teams.ts'
import { type User, usersOf } from './user.ts'

/** Whom the caller may put on an access list, by name, e-mail address or full name. */
export async function findPrincipals(
  session: CallerSession,
  text: string | null | undefined,
  first: number,
): Promise<(User | Team)[]> {
  const [teams, people] = await Promise.all([
    findTeams(session, { text, first }),
    findPeople(session, { text, first, disabled: false }),
  ])
  return [...teams.edges, ...people.edges].map(({ node }) => node).slice(0, first)
}

/** @throws UserFault at the field when there is none whom the caller may know */
export async function getPrincipal(session: CallerSession, { type, principal }: Principal, field: string[]) {
  const [found] = await (type === 'TEAM' ? findTeamsById : findPeopleById)(session, [principal])
  if (!found || ('disabledAt' in found && found.disabledAt))
    throw fault('NOT_FOUND', field, 'This person or team does not exist, or is not one that you know.')
  return found
}

/** Everybody whom access lists name, known to the caller or not; for those who have to look after the lists. */
export async function readPrincipals(
  { core }: Session,
  ids: readonly ObjectId[],
): Promise<Map<string, Pick<User | Team, '_id' | 'name' | 'avatar'>>> {
  const read = (collection: typeof usersOf | typeof teamsOf) =>
    (collection as typeof usersOf)(core)
      .find({ _id: { $in: [...ids] } }, { projection: { name: 1, avatar: 1 }, maxTimeMS: queryTimeoutMs })
      .batchSize(ids.length + 1)
      .toArray()
  const found = (await Promise.all([read(usersOf), read(teamsOf)])).flat()
  return new Map(found.map((one) => [one._id.toHexString(), one]))
}
