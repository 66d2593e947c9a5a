import type { Document, ObjectId } from 'mongodb'
import { recordsOf } from '../history/records.ts'
import type { Observed } from '../inventory/observation.ts'
import { type AccessEntry, covers } from '../platform/access.ts'
import { derivedId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import type { Target } from './target.ts'

/** How often a thing may have been merged into another one that was merged again. */
const maxMerges = 10

/** The id of a discovered thing follows from who reports it and the provider's own id; never from a name or an address. */
export const identityOf = (session: Session, { connection, account, resource }: Target, externalId: string) =>
  derivedId('asset', session.workspace, connection.provider, account, resource.name, externalId)

/** The same for what somebody else looks after under that id already, and this connection has nothing to do with. */
export const ownIdentityOf = (session: Session, target: Target, externalId: string) =>
  derivedId('own', identityOf(session, target, externalId).toHexString(), target.connection._id.toHexString())

/**
 * Two connections report one asset only if somebody may change both: else whoever claims another's account could write
 * into their servers.
 */
export function isOurs({ connection }: Target, asset: Document): boolean {
  const own = (one: Observed) => connection._id.equals(one.connection)
  if ((asset.observations as Observed[]).some(own)) return true
  const writers = (access: AccessEntry[]) =>
    access.filter(({ level }) => covers(level, 'WRITE')).map(({ principal }) => principal.toHexString())
  const theirs = new Set(writers(asset.access as AccessEntry[]))
  return writers(connection.access).some((principal) => theirs.has(principal))
}

/** What is known of these assets, by id: enough to tell whose they are and whether anything is new. */
export async function fingerprints(
  session: Session,
  ids: readonly ObjectId[],
): Promise<Map<string, Document>> {
  if (!ids.length) return new Map()
  const rows = await recordsOf(session.core, 'assets')
    .find({ _id: { $in: [...ids] } })
    .project({
      kind: 1,
      access: 1,
      mergedInto: 1,
      'observations.scope': 1,
      'observations.connection': 1,
      'observations.checksum': 1,
      'observations.state': 1,
      'observations.awaits': 1,
    })
    .batchSize(ids.length + 1)
    .toArray()
  return new Map(rows.map((row) => [String(row._id), row]))
}

/** Fingerprints of the assets, and of those that they were merged into. `lead` goes from the one to the other. */
export async function followed(session: Session, ids: readonly ObjectId[]) {
  const known = await fingerprints(session, ids)
  const next = (id: ObjectId) => known.get(id.toHexString())?.mergedInto as ObjectId | undefined
  let merged = ids.flatMap((id) => next(id) ?? [])
  for (let hop = 1; merged.length && hop < maxMerges; hop++) {
    for (const [id, row] of await fingerprints(session, merged)) known.set(id, row)
    merged = merged.flatMap((id) => next(id) ?? [])
  }
  const lead = (start: ObjectId): ObjectId => {
    let id = start
    for (let hop = 0, to = next(id); to && hop < maxMerges; hop++, to = next(id)) id = to
    return id
  }
  return { known, lead }
}
