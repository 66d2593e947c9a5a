import type { Document, ObjectId } from 'mongodb'
import { recordsOf } from '../history/records.ts'
import { visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { beyond, cut, mapPage, type Page, type PageArgs, readOrder, sortOf } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'

/** Kinds of which two with the same name, hostname or address are worth a look; networks share ranges all the time. */
const suspicious = ['SERVER', 'APP', 'SYSTEM', 'CLIENT', 'DATACENTER', 'VOLUME']

/** How many assets of one group are told. */
const maxMembers = 20

/** Live assets of one kind that can be found by the same name, hostname, address or provider id. */
export interface DuplicateSuspects {
  identifier: string
  kind: string
  count: number
  members: ObjectId[]
}

/** Suspected duplicates among the visible assets, by identifier. */
export async function findDuplicates(
  session: Session,
  kinds: string[] | null | undefined,
  args: PageArgs,
): Promise<Page<DuplicateSuspects>> {
  const { size, keys, walked, cursor } = readOrder([], args)
  const groups: Document[] = [
    {
      $match: {
        kind: { $in: kinds?.length ? kinds : suspicious },
        retiredAt: null,
        ...visible(session),
      },
    },
    { $project: { kind: 1, identifiers: 1 } },
    { $unwind: '$identifiers' },
    {
      $group: {
        _id: { $concat: ['$identifiers', ' ', '$kind'] },
        identifier: { $first: '$identifiers' },
        kind: { $first: '$kind' },
        count: { $sum: 1 },
        members: { $firstN: { n: maxMembers, input: '$_id' } },
      },
    },
    { $match: { count: { $gt: 1 } } },
  ]
  const assets = recordsOf(session.core, 'assets')
  const options = { maxTimeMS: queryTimeoutMs, allowDiskUse: true }
  const rows = await assets
    .aggregate(
      [
        ...groups,
        ...(cursor ? [{ $match: beyond(walked, cursor) }] : []),
        { $sort: sortOf(walked) },
        { $limit: size + 1 },
      ],
      options,
    )
    .toArray()
  return mapPage(
    {
      ...cut(rows, { size, keys, args }),
      count: async () => {
        const [row] = await assets.aggregate([...groups, { $count: 'count' }], options).toArray()
        return (row?.count as number | undefined) ?? 0
      },
    },
    ({ identifier, kind, count, members }) => ({ identifier, kind, count, members }) as DuplicateSuspects,
  )
}
