import type { ObjectId } from 'mongodb'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { fileUrl } from '../../core/accounts/fileUrls.ts'
import { findPeopleById } from '../../core/accounts/people.ts'
import { readPrincipals } from '../../core/accounts/principals.ts'
import { Team, teamPrincipal } from '../../core/accounts/team.ts'
import { findTeamsById } from '../../core/accounts/teams.ts'
import { principalOf, User } from '../../core/accounts/user.ts'
import { type AccessEntry, mayReach, type Principal } from '../../core/platform/access.ts'
import { encodeId } from '../../core/platform/ids.ts'
import { loader } from '../loaders.ts'
import type { AccessGrant, PrincipalInfo } from './accessTypes.ts'

type Face = Pick<User | Team, '_id' | 'name' | 'avatar'>

const hex = (id: ObjectId) => id.toHexString()

/** People and teams that the caller may know, by id; the others are null. */
const knownFaces = (session: CallerSession) =>
  loader<ObjectId, User | Team | null>(
    session,
    'principals that are known',
    async (ids) => {
      const found = (await Promise.all([findPeopleById(session, ids), findTeamsById(session, ids)])).flat()
      return ids.map((id) => found.find((one) => one._id.equals(id)) ?? null)
    },
    hex,
  )

const allFaces = (session: CallerSession) =>
  loader<ObjectId, Face | null>(
    session,
    'all principals',
    async (ids) => {
      const found = await readPrincipals(session, ids)
      return ids.map((id) => found.get(hex(id)) ?? null)
    },
    hex,
  )

export const principalId = ({ type, principal }: Principal) =>
  encodeId(type === 'TEAM' ? 'Team' : 'User', principal)

/** Whom an access list names. Names of strangers are for those alone who look after the list. */
export function accessGrants(session: CallerSession, access: AccessEntry[]): Promise<AccessGrant[]> {
  const administers = mayReach(session, access, 'ADMIN')
  const { user, teams } = session.caller
  return Promise.all(
    access.map(async (entry) => {
      const face = await (administers ? allFaces : knownFaces)(session).load(entry.principal)
      return {
        ...infoOf(session, entry, face),
        level: entry.level,
        self:
          (user?._id.equals(entry.principal) ?? false) ||
          teams.some(({ team }) => team.equals(entry.principal)),
      }
    }),
  )
}

/** A person or team as the caller may know it. */
export const principalInfo = async (session: CallerSession, principal: Principal): Promise<PrincipalInfo> =>
  infoOf(session, principal, await knownFaces(session).load(principal.principal))

const infoOf = (session: CallerSession, principal: Principal, face: Face | null): PrincipalInfo => ({
  id: principalId(principal),
  type: principal.type,
  name: face?.name ?? null,
  detail: face instanceof User ? face.email : null,
  avatarUrl: face?.avatar ? fileUrl(session, face.avatar) : null,
})

/** What a search has found. */
export const foundPrincipal = (session: CallerSession, found: User | Team): PrincipalInfo =>
  found instanceof Team
    ? infoOf(session, teamPrincipal(found._id), found)
    : infoOf(session, principalOf(found._id), found)
