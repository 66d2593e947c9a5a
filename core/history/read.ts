import type { Document, ObjectId } from 'mongodb'
import { type AccessLevel, reachesAll, visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { mapPage, type Page, type PageArgs } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { findNewest } from './newest.ts'
import { Change, ChangeSet, changeSetsOf, changesOf, recordsOf } from './records.ts'
import { type ChangeSetFilter, isNarrow, narrowed, setCondition } from './setFilter.ts'
import { sieve, sieveAll } from './sieve.ts'
import { together } from './together.ts'
import { candidates, seesEverything, visibleSets } from './visibleSets.ts'

/**
 * Changes of assets, or of change sets, newest first; one page for each parent. What happened to a relation is in the
 * history of both its ends.
 */
export async function findChanges(
  session: Session,
  by: 'subject' | 'set',
  parents: readonly ObjectId[],
  args: PageArgs,
): Promise<Page<Change>[]> {
  if (by === 'set') return changesBy(session, by, parents, args)
  const [own, leading] = await Promise.all([
    changesBy(session, 'subject', parents, args),
    changesBy(session, 'object', parents, args),
  ])
  return own.map((page, position) => together(page, leading[position]!, args))
}

async function changesBy(
  session: Session,
  by: 'subject' | 'object' | 'set',
  parents: readonly ObjectId[],
  args: PageArgs,
): Promise<Page<Change>[]> {
  const keep = (rows: Change[]) => sieve(session, rows)
  const filter = session.asOf ? { at: { $lte: session.asOf } } : {}
  const pages = await findNewest<Change, ObjectId>(
    session,
    { collection: 'changes', by, filter, keep },
    parents,
    args,
  )
  let counts: Promise<Map<string, number>> | undefined
  const countAll = async () => {
    const counted = new Map<string, number>()
    for await (const changes of sieveAll(session, by, parents, filter))
      for (const change of changes) {
        const parent = change[by]!.toHexString()
        counted.set(parent, (counted.get(parent) ?? 0) + 1)
      }
    return counted
  }
  return pages.map((page, position) =>
    mapPage(
      {
        ...page,
        count: async () => (await (counts ??= countAll())).get(parents[position]!.toHexString()) ?? 0,
      },
      hydrateChange,
    ),
  )
}

const happened = (session: Session) => ({ workspace: session.workspace, state: 'COMMITTED' as const })

/** Change sets that touched something visible, newest first; those that fit the filter. */
export async function findChangeSets(
  session: Session,
  wanted: ChangeSetFilter,
  args: PageArgs,
): Promise<Page<ChangeSet>> {
  const filter = { $and: [happened(session), await candidates(session), setCondition(wanted)] }
  const [page] = await setPages(session, 'workspace', filter, [session.workspace], args, wanted)
  return page!
}

/** One page of change sets for each run. */
export const findChangeSetsOfRuns = (session: Session, runs: readonly ObjectId[], args: PageArgs) =>
  setPages(session, 'run', happened(session), runs, args)

async function setPages<P extends ObjectId | string>(
  session: Session,
  by: 'workspace' | 'run',
  filter: Document,
  parents: readonly P[],
  args: PageArgs,
  wanted: ChangeSetFilter = {},
): Promise<Page<ChangeSet>[]> {
  const keep = async (rows: ChangeSet[]) => narrowed(session, await visibleSets(session, rows), wanted)
  const pages = await findNewest<ChangeSet, P>(
    session,
    { collection: 'changeSets', by, filter, keep },
    parents,
    args,
  )
  return pages.map((page, position) =>
    mapPage(
      { ...page, count: () => countSets(session, { ...filter, [by]: parents[position] }, wanted) },
      hydrateChangeSet,
    ),
  )
}

const chunk = 500

async function countSets(session: Session, filter: Document, wanted: ChangeSetFilter): Promise<number> {
  const options = { maxTimeMS: queryTimeoutMs }
  if (!isNarrow(wanted) && (await seesEverything(session)))
    return changeSetsOf(session.core).countDocuments(filter, options)
  let count = 0
  let waiting: Pick<ChangeSet, '_id'>[] = []
  const flush = async () => {
    count += (await narrowed(session, await visibleSets(session, waiting), wanted)).length
    waiting = []
  }
  for await (const set of changeSetsOf(session.core).find(filter, { ...options, projection: { _id: 1 } }))
    if (waiting.push(set) === chunk) await flush()
  if (waiting.length) await flush()
  return count
}

/** @throws NotFound also when it touched nothing that the session may see */
export async function getChangeSet(session: Session, id: string): Promise<ChangeSet> {
  const [set] = await findChangeSetsById(session, [decodeId(id, 'ChangeSet').id])
  if (!set) throw new NotFound('change set', id)
  return set
}

/** Those of the change sets that have happened and touched something visible. */
export const findChangeSetsById = (session: Session, ids: readonly ObjectId[]) =>
  readSets(session, { _id: { $in: [...ids] } }, ids.length)

/** The change sets that have undone these. */
export const findUndoings = (session: Session, ids: readonly ObjectId[]) =>
  readSets(session, { undoes: { $in: [...ids] } }, ids.length)

async function readSets(session: Session, filter: Document, most: number): Promise<ChangeSet[]> {
  const rows = await changeSetsOf(session.core)
    .find({ ...filter, ...happened(session) }, { maxTimeMS: queryTimeoutMs })
    .batchSize(most + 1)
    .toArray()
  return (await visibleSets(session, rows)).map(hydrateChangeSet)
}

/** Whether only an admin of the asset may take a change back: of who may see it, or of whether it is retired. */
export const needsAdmin = ({ before, after }: Pick<Change, 'before' | 'after'>): boolean =>
  before !== null && ['access', 'retiredAt'].some((field) => field in before || field in after)

/** Those of the change sets that touched something which the session may not take back. */
export async function findBeyondReach(session: Session, ids: readonly ObjectId[]): Promise<Set<string>> {
  if (reachesAll(session, 'ADMIN')) return new Set()
  const touched = await changesOf(session.core)
    .aggregate<{ _id: ObjectId; subjects: ObjectId[]; grave: ObjectId[] }>(
      [
        { $match: { set: { $in: [...ids] } } },
        {
          $group: {
            _id: '$set',
            subjects: { $addToSet: '$subject' },
            grave: { $addToSet: { $cond: [graveChange, '$subject', '$$REMOVE'] } },
          },
        },
      ],
      { maxTimeMS: queryTimeoutMs, batchSize: ids.length + 1 },
    )
    .toArray()
  const beyond = async (level: AccessLevel, subjects: ObjectId[]) => {
    const rows = await recordsOf(session.core, 'assets')
      .find(
        { _id: { $in: subjects }, $nor: [visible(session, level)] },
        { projection: { _id: 1 }, maxTimeMS: queryTimeoutMs },
      )
      .toArray()
    return new Set(rows.map(({ _id }) => String(_id)))
  }
  const [unwritable, unruled] = await Promise.all([
    beyond(
      'WRITE',
      touched.flatMap(({ subjects }) => subjects),
    ),
    beyond(
      'ADMIN',
      touched.flatMap(({ grave }) => grave),
    ),
  ])
  return new Set(
    touched
      .filter(
        ({ subjects, grave }) =>
          subjects.some((subject) => unwritable.has(subject.toHexString())) ||
          grave.some((subject) => unruled.has(subject.toHexString())),
      )
      .map(({ _id }) => _id.toHexString()),
  )
}

/** `needsAdmin` in the database's words. */
const graveChange = {
  $and: [
    { $ne: ['$before', null] },
    {
      $or: ['before.access', 'after.access', 'before.retiredAt', 'after.retiredAt'].map((field) => ({
        $ne: [{ $type: `$${field}` }, 'missing'],
      })),
    },
  ],
}

const hydrateChangeSet = (record: object): ChangeSet => Object.assign(new ChangeSet(), record)
const hydrateChange = (record: object): Change => Object.assign(new Change(), record)
