import type { Document, ObjectId } from 'mongodb'
import { changeSetsOf, changesOf, recordsOf } from '../history/records.ts'
import { visibleSets } from '../history/visibleSets.ts'
import { type AccessEntry, mayReach, visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { encodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import type { Asset } from './asset.ts'
import { hydrate } from './find.ts'
import { assetTypeName } from './kinds.ts'
import { fits, type NewsScope } from './newsScope.ts'

/** What has become of an asset, seen by somebody who watches. */
export enum NewsAction {
  ADDED = 'ADDED',
  UPDATED = 'UPDATED',
  RETIRED = 'RETIRED',
  RESTORED = 'RESTORED',
  LEFT = 'LEFT',
}

export interface NewsItem {
  action: NewsAction
  id: string
  /** As it is now; null when it has left. */
  asset: Asset | null
}

/** What has happened since a place in the order of change sets. */
export interface News {
  /** Up to where history has been read; null while nothing has happened. */
  place: number
  /** So much has happened that it is not told one by one. */
  many: boolean
  items: NewsItem[]
}

/** Assets that are told of one by one. */
export const maxItems = 200
const maxSets = 200

interface Row {
  set: ObjectId
  record: ObjectId
  recordKind: string
  action: 'CREATED' | 'CHANGED' | 'RETIRED' | 'RESTORED'
  fields: string[]
  /** The list before; absent where it was not touched. */
  access?: AccessEntry[]
}

/**
 * The next news after a place, by a number of commands that does not depend on how much has happened; null when there
 * is nothing to read. News without items mean that what happened is not for this session.
 */
export async function readNews(session: Session, scope: NewsScope, place: number): Promise<News | null> {
  const sets = await changeSetsOf(session.core)
    .find(
      { place: { $gt: place }, workspace: session.workspace, kinds: { $in: scope.kinds } },
      { projection: { place: 1, counts: 1 }, maxTimeMS: queryTimeoutMs },
    )
    .sort({ place: 1 })
    .limit(maxSets)
    .toArray()
  if (!sets.length) return null
  const news = { place: sets.at(-1)!.place!, many: false, items: [] }
  const touched = sets.flatMap(({ counts }) => Object.values(counts)).reduce((sum, one) => sum + one, 0)
  if (touched > maxItems && !scope.ids)
    return { ...news, many: (await visibleSets(session, sets)).length > 0 }
  const rows = await readRows(
    session,
    scope,
    sets.map(({ _id }) => _id),
  )
  return { ...news, items: await itemsOf(session, scope, rows) }
}

/** What the sets did to assets, oldest first. */
async function readRows(session: Session, scope: NewsScope, sets: ObjectId[]): Promise<Row[]> {
  const names = (field: string) => ({
    $map: { input: { $objectToArray: { $ifNull: [field, {}] } }, in: '$$this.k' },
  })
  const rows = await changesOf(session.core)
    .aggregate<Row>(
      [
        {
          $match: {
            set: { $in: sets },
            collection: 'assets',
            recordKind: { $in: scope.kinds },
            ...(scope.ids && { record: { $in: scope.ids } }),
          },
        },
        {
          $project: {
            set: 1,
            record: 1,
            recordKind: 1,
            action: 1,
            fields: { $setUnion: [names('$before'), names('$after')] },
            access: '$before.access',
          },
        },
      ],
      { maxTimeMS: queryTimeoutMs, batchSize: maxItems + 1 },
    )
    .toArray()
  const order = new Map(sets.map((set, index) => [set.toHexString(), index]))
  return rows.sort((a, b) => order.get(a.set.toHexString())! - order.get(b.set.toHexString())!)
}

async function itemsOf(session: Session, scope: NewsScope, rows: Row[]): Promise<NewsItem[]> {
  if (!rows.length) return []
  const byRecord = new Map<string, Row[]>()
  for (const row of rows) {
    const record = row.record.toHexString()
    byRecord.set(record, [...(byRecord.get(record) ?? []), row])
  }
  const ids = [...byRecord.values()].map(([first]) => first!.record)
  const found = await read(session, { _id: { $in: ids }, ...(await fits(session, scope)) })
  const others = ids.filter((id) => !found.has(id.toHexString()))
  const seen = others.length
    ? await read(session, { _id: { $in: others }, ...visible(session) }, { _id: 1 })
    : new Map<string, Document>()
  return [...byRecord].flatMap(([record, own]): NewsItem[] => {
    const id = encodeId(assetTypeName(own[0]!.recordKind), own[0]!.record)
    const asset = found.get(record)
    if (asset) return [{ action: actionOf(session, own), id, asset: hydrate(asset) }]
    return hasLeft(session, scope, own, seen.has(record))
      ? [{ action: NewsAction.LEFT, id, asset: null }]
      : []
  })
}

async function read(session: Session, condition: Document, projection?: Document) {
  const rows = await recordsOf(session.core, 'assets')
    .find(condition, { maxTimeMS: queryTimeoutMs, ...(projection && { projection }) })
    .batchSize(maxItems + 1)
    .toArray()
  return new Map(rows.map((row) => [String(row._id), row]))
}

/** Several changes of one asset are told as one. */
function actionOf(session: Session, rows: Row[]): NewsAction {
  const isNew = ({ action, access }: Row) => action === 'CREATED' || (access && !mayReach(session, access))
  if (rows.some(isNew)) return NewsAction.ADDED
  const turn = rows.findLast(({ action }) => action === 'RETIRED' || action === 'RESTORED')
  return turn ? NewsAction[turn.action as 'RETIRED' | 'RESTORED'] : NewsAction.UPDATED
}

/**
 * Whether the session has known it before: its list named the session, or it may be seen still and a field has changed
 * by which it was wanted. Of anything else not even the id is told.
 */
function hasLeft(session: Session, { fields }: NewsScope, rows: Row[], isSeen: boolean): boolean {
  if (rows.some(({ action }) => action === 'CREATED')) return false
  return isSeen
    ? rows.some((row) => row.fields.some((field) => fields.has(field)))
    : rows.some(({ access }) => access && mayReach(session, access))
}
