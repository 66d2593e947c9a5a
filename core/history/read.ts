import type { Document, ObjectId } from 'mongodb'
import { visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { type Page, type PageArgs, mapPage, readOrder, cut, beyond, sortOf } from '../platform/page.ts'
import { findPages } from '../platform/pages.ts'
import type { Session } from '../platform/session.ts'
import { Change, ChangeSet, changeSetsOf } from './records.ts'

const newestFirst = [{ field: '_id', direction: -1 as const }]

/**
 * Stages that keep the changes which have happened and which the session may see: the record has reached the change's
 * version, and the record is visible, an edge with both its ends.
 */
export function siftChanges(session: Session): Document[] {
  const end = (localField: string, as: string) => ({
    $lookup: {
      from: 'assets',
      localField,
      foreignField: '_id',
      pipeline: [{ $match: visible(session) }, { $project: { version: 1 } }],
      as,
    },
  })
  return [
    {
      $lookup: {
        from: 'relations',
        localField: 'record',
        foreignField: '_id',
        pipeline: [{ $project: { version: 1, to: 1 } }],
        as: 'edge',
      },
    },
    end('subject', 'near'),
    end('edge.to', 'far'),
    {
      $match: {
        $expr: {
          $cond: [
            { $eq: ['$collection', 'assets'] },
            { $lte: ['$version', { $ifNull: [{ $first: '$near.version' }, 0] }] },
            {
              $and: [
                { $lte: ['$version', { $ifNull: [{ $first: '$edge.version' }, 0] }] },
                { $gt: [{ $size: '$near' }, 0] },
                { $gt: [{ $size: '$far' }, 0] },
              ],
            },
          ],
        },
      },
    },
    { $unset: ['edge', 'near', 'far'] },
  ]
}

/** Changes by the asset whose history shows them, or by their change set, newest first; one page for each parent. */
export async function findChanges(
  session: Session,
  by: 'subject' | 'set',
  parents: readonly ObjectId[],
  args: PageArgs,
): Promise<Page<Change>[]> {
  const children = { collection: 'changes', by, filter: {}, sift: siftChanges(session), sort: newestFirst }
  const pages = await findPages<Change>(session.core, parents, children, args)
  return pages.map((page) => mapPage(page, hydrateChange))
}

/** Stages that keep the change sets of which the session may see at least one record. */
const siftSets = (session: Session): Document[] => [
  {
    $lookup: {
      from: 'changes',
      localField: '_id',
      foreignField: 'set',
      pipeline: [...siftChanges(session), { $limit: 1 }, { $project: { _id: 1 } }],
      as: 'seen',
    },
  },
  { $match: { 'seen.0': { $exists: true } } },
  { $unset: 'seen' },
]

const happened = (session: Session) => ({ workspace: session.workspace, state: 'COMMITTED' as const })

/** Change sets that touched something visible, newest first; of one run where one is given. */
export async function findChangeSets(
  session: Session,
  args: PageArgs,
  run: ObjectId | null = null,
): Promise<Page<ChangeSet>> {
  const { size, keys, walked, cursor } = readOrder(newestFirst, args)
  const filter = { ...happened(session), ...(run && { run }) }
  const read = (pipeline: Document[]) =>
    changeSetsOf(session.core).aggregate(pipeline, { maxTimeMS: queryTimeoutMs, batchSize: size + 1 })
  const rows = await read([
    { $match: cursor ? { $and: [filter, beyond(walked, cursor)] } : filter },
    { $sort: sortOf(walked) },
    ...siftSets(session),
    { $limit: size + 1 },
  ]).toArray()
  const page = {
    ...cut(rows, { size, keys, args }),
    count: async () => {
      const [counted] = await read([{ $match: filter }, ...siftSets(session), { $count: 'count' }]).toArray()
      return (counted?.count as number | undefined) ?? 0
    },
  }
  return mapPage(page, hydrateChangeSet)
}

/** One page of change sets for each run. */
export async function findChangeSetsOfRuns(
  session: Session,
  runs: readonly ObjectId[],
  args: PageArgs,
): Promise<Page<ChangeSet>[]> {
  const pages = await findPages<ChangeSet>(
    session.core,
    runs,
    {
      collection: 'changeSets',
      by: 'run',
      filter: happened(session),
      sift: siftSets(session),
      sort: newestFirst,
    },
    args,
  )
  return pages.map((page) => mapPage(page, hydrateChangeSet))
}

/** @throws NotFound also when it touched nothing that the session may see */
export async function getChangeSet(session: Session, id: string): Promise<ChangeSet> {
  const [set] = await findChangeSetsById(session, [decodeId(id, 'ChangeSet').id])
  if (!set) throw new NotFound('change set', id)
  return set
}

/** Those of the change sets that have happened and touched something visible. */
export async function findChangeSetsById(session: Session, ids: readonly ObjectId[]): Promise<ChangeSet[]> {
  return readSets(session, { _id: { $in: [...ids] } })
}

/** The change sets that have undone these. */
export async function findUndoings(session: Session, ids: readonly ObjectId[]): Promise<ChangeSet[]> {
  return readSets(session, { undoes: { $in: [...ids] } })
}

async function readSets(session: Session, filter: Document): Promise<ChangeSet[]> {
  const rows = await changeSetsOf(session.core)
    .aggregate([{ $match: { ...filter, ...happened(session) } }, ...siftSets(session)], {
      maxTimeMS: queryTimeoutMs,
    })
    .toArray()
  return rows.map(hydrateChangeSet)
}

/** Those of the change sets that touched something which the session may not change. */
export async function findBeyondReach(session: Session, ids: readonly ObjectId[]): Promise<Set<string>> {
  const rows = await changeSetsOf(session.core)
    .aggregate<{ _id: ObjectId }>(
      [
        { $match: { _id: { $in: [...ids] } } },
        { $project: { _id: 1 } },
        {
          $lookup: {
            from: 'changes',
            localField: '_id',
            foreignField: 'set',
            pipeline: [
              {
                $lookup: {
                  from: 'assets',
                  localField: 'subject',
                  foreignField: '_id',
                  pipeline: [{ $match: visible(session, 'WRITE') }, { $project: { _id: 1 } }],
                  as: 'reached',
                },
              },
              { $match: { 'reached.0': { $exists: false } } },
              { $limit: 1 },
              { $project: { _id: 1 } },
            ],
            as: 'beyond',
          },
        },
        { $match: { 'beyond.0': { $exists: true } } },
        { $project: { _id: 1 } },
      ],
      { maxTimeMS: queryTimeoutMs },
    )
    .toArray()
  return new Set(rows.map((row) => row._id.toHexString()))
}

const hydrateChangeSet = (record: object): ChangeSet => Object.assign(new ChangeSet(), record)
const hydrateChange = (record: object): Change => Object.assign(new Change(), record)
