import type { ObjectId } from 'mongodb'
import { teamPrincipal } from '../../core/accounts/team.ts'
import { principalOf } from '../../core/accounts/user.ts'
import type { Principal } from '../../core/platform/access.ts'
import type { Core } from '../../core/platform/core.ts'
import { makePerson, makeTeam } from '../../tests/access/people.ts'

const teamCount = 10
const ownServers = 50

/** A person who sees a part of the servers. */
export interface Guest {
  token: string
  /** Ids by which access lists may name the person: the own one, and those of the teams. */
  principals: number
  /** Servers that the person sees. */
  visible: number
}

/**
 * Shares a part of the servers, scattered over the list: some with the person, the others with teams that the person is
 * in. What stands beside the servers is shared too, or the person's pages would be the smaller ones.
 */
export async function inviteGuest(core: Core, part: number): Promise<Guest> {
  const assets = core.db.collection<{ _id: ObjectId }>('assets')
  const person = await makePerson(core, 'Guest')
  const teams: Principal[] = []
  for (let number = 1; number <= teamCount; number++)
    teams.push(teamPrincipal((await makeTeam(core, `Team ${number}`, [[person, 'WRITE']]))._id))

  // Ids are hashes, so their order has nothing to do with that of the names.
  const servers = await assets
    .find({ kind: 'SERVER' }, { projection: { _id: 1 } })
    .sort({ _id: 1 })
    .toArray()
  const shared = servers.slice(0, servers.length * part)
  const writes = shared.map(({ _id }, index) => {
    const principal = index < ownServers ? principalOf(person._id) : teams[index % teams.length]!
    return { updateOne: { filter: { _id }, update: { $push: { access: { ...principal, level: 'WRITE' } } } } }
  })
  await assets.bulkWrite(writes as never[], { ordered: false })
  const beside = { $push: { access: { ...teams[0]!, level: 'READ' } } } as never
  await assets.updateMany({ kind: 'DATACENTER' }, beside)
  await core.db.collection('connections').updateMany({}, beside)
  return { token: person.token, principals: teams.length + 1, visible: shared.length }
}
