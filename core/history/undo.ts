import { type ObjectId } from 'mongodb'
import { mayReach, type AccessEntry } from '../platform/access.ts'
import { Conflict, fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { changedSince, commit, type Step } from './commit.ts'
import {
  type Change,
  ChangeAction,
  ChangeOrigin,
  type ChangeSet,
  changeSetsOf,
  changesOf,
  recordsOf,
} from './records.ts'

/**
 * Commits the inverse of a change set. What it had created is retired (an edge: closed), since nothing is ever deleted.
 *
 * @throws Conflict when later changes touched the same fields
 */
export async function undoChangeSet(session: Session, id: string): Promise<ChangeSet> {
  const { core } = session
  const set = await changeSetsOf(core).findOne({
    _id: decodeId(id, 'ChangeSet').id,
    workspace: session.workspace,
    state: 'COMMITTED',
  })
  if (!set) throw new NotFound('change set', id)
  if (await changeSetsOf(core).findOne({ undoes: set._id, state: 'COMMITTED' }))
    throw fault('CONFLICT', null, 'This has already been undone.')
  const changes = await changesOf(core).find({ set: set._id }).toArray()
  const versions = await writableVersions(session, changes)
  await assertUntouched(session, changes, versions)
  const steps = changes.map((change) => inverse(session, change, versions.get(change.record.toHexString())!))
  const undone = await commit(
    session,
    { title: `Undo: ${set.title}`, origin: ChangeOrigin.UNDO, undoes: set._id },
    steps,
  )
  return undone!
}

/** Present versions of the records; being allowed to change an asset allows the same for its edges. */
async function writableVersions(session: Session, changes: Change[]): Promise<Map<string, number>> {
  const versions = new Map<string, number>()
  const read = async (collection: 'assets' | 'relations', ids: ObjectId[]) => {
    const rows = recordsOf(session.core, collection).find(
      { _id: { $in: ids } },
      { projection: { version: 1, access: 1 } },
    )
    for await (const row of rows) {
      if (row.access && !mayReach(session, row.access as AccessEntry[], 'WRITE'))
        throw fault('FORBIDDEN', null, 'You may not change everything that this change set touched.')
      versions.set(String(row._id), row.version as number)
    }
  }
  const of = (collection: string) => changes.filter((change) => change.collection === collection)
  await read(
    'assets',
    of('assets').map((change) => change.record),
  )
  await read(
    'relations',
    of('relations').map((change) => change.record),
  )
  return versions
}

async function assertUntouched(session: Session, changes: Change[], versions: Map<string, number>) {
  const moved = changes.filter((change) => versions.get(change.record.toHexString()) !== change.version)
  if (!moved.length) return
  const touched = new Set(moved.flatMap((change) => Object.keys({ ...change.before, ...change.after })))
  const since = await changedSince(session.core, moved)
  const both = since.fields.filter((field) => touched.has(field))
  if (both.length) throw new Conflict(since.records, both)
}

function inverse(session: Session, change: Change, version: number): Step {
  const base = { ...change, version }
  if (change.before !== null)
    return { ...base, action: opposite[change.action], before: change.after, after: change.before }
  const ended =
    change.collection === 'assets'
      ? { retiredAt: session.now, retiredBy: 'PERSON' }
      : { validTo: session.now }
  return {
    ...base,
    action: change.collection === 'assets' ? ChangeAction.RETIRED : ChangeAction.CHANGED,
    before: {},
    after: ended,
  }
}

const opposite: Record<ChangeAction, ChangeAction> = {
  CREATED: ChangeAction.RETIRED,
  CHANGED: ChangeAction.CHANGED,
  RETIRED: ChangeAction.RESTORED,
  RESTORED: ChangeAction.RETIRED,
}
