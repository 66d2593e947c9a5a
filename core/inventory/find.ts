import type { Document, ObjectId } from 'mongodb'
import { assertRemembered } from '../history/horizon.ts'
import { recordsOf } from '../history/records.ts'
import { visible } from '../platform/access.ts'
import { listCollation, queryTimeoutMs } from '../platform/database.ts'
import { BadInput, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { findPage, mapPage, type PageArgs, type SortKey } from '../platform/page.ts'
import { findPages } from '../platform/pages.ts'
import type { Session } from '../platform/session.ts'
import { escapedText } from '../platform/text.ts'
import { assetsAsOf, asOfThen, findPageAsOf, lookingBack, momentIn } from './asOf.ts'
import type { Asset } from './asset.ts'
import { normalizeIdentifier } from './effective.ts'
import { type FacetedPage, facetsOfChildren, facetsOfList } from './facets.ts'
import type { Fact } from './facts.ts'
import { type AssetFilter, toCondition } from './filter.ts'
import { allKinds, factOf, type Kind, kindOf } from './kinds.ts'
import { findAtEnds } from './related.ts'
import { withRelated } from './relatedFilter.ts'
import { visibleFilter } from './visibleFilter.ts'

export interface AssetOrder {
  /** A sortable fact, or createdAt or updatedAt. */
  field: string
  direction: 'ASC' | 'DESC'
}

export interface ListArgs extends PageArgs {
  filter?: AssetFilter | null
  orderBy?: AssetOrder[] | null
}

const maxSortKeys = 3

/** One page of a kind, by name unless another order is asked for. Retired assets only when the filter says so. */
export async function findAssets<T extends Asset>(
  session: Session,
  kind: Kind,
  args: ListArgs,
): Promise<FacetedPage<T>> {
  const { asOf } = session
  const moment = !asOf && momentIn(args)
  if (moment) return findAssets(lookingBack(session, moment), kind, args)
  const own = await conditionOf(session, kind, args)
  const condition = { $and: [own, visible(session)] }
  const sort = sortKeys(args.orderBy)
  const page = asOf
    ? await findPageAsOf(session, kind, own, sort, args, asOf)
    : await findPage(recordsOf(session.core, 'assets'), condition, sort, args, { collation: listCollation })
  return {
    ...mapPage(page, (record) => hydrate(record) as T),
    facets: facetsOfList(session, kind, (kept) =>
      asOf ? assetsAsOf(session, kind, own, asOf, kept) : [{ $match: condition }, ...kept],
    ),
  }
}

/** The same page of those that refer to each of the targets; one command for all of them. */
export async function findReferring<T extends Asset>(
  session: Session,
  kind: Kind,
  fact: Fact,
  targets: readonly ObjectId[],
  args: ListArgs,
): Promise<FacetedPage<T>[]> {
  if (session.asOf) return findReferringThen(session, kind, fact, targets, args)
  const children = {
    collection: 'assets',
    by: fact.name,
    filter: { $and: [await conditionOf(session, kind, args), visible(session)] },
    sort: sortKeys(args.orderBy),
    collation: listCollation,
  }
  const pages = await findPages(session.core, targets, children, args)
  const facets = facetsOfChildren(session, kind, targets, children)
  return pages.map((page, index) => ({
    ...mapPage(page, (record) => hydrate(record) as T),
    facets: facets(targets[index]!),
  }))
}

/** Whoever referred to them then may refer to something else now, so they are found by the relation. */
async function findReferringThen<T extends Asset>(
  session: Session,
  kind: Kind,
  fact: Fact,
  targets: readonly ObjectId[],
  args: ListArgs,
): Promise<FacetedPage<T>[]> {
  const pages = await findAtEnds(session, { kind: fact.relation! }, 'BACKWARD', kind, targets, args)
  return pages.map((page) => ({ ...mapPage(page, ({ asset }) => asset as T), facets: page.facets }))
}

/** What a list of the kind reads, before access: the filter without what the session may not know. */
export const conditionOf = async (session: Session, kind: Kind, { filter }: Pick<ListArgs, 'filter'>) =>
  toCondition(kind, await withRelated(session, kind, await visibleFilter(session, kind, filter)))

/** @throws BadInput for more steps than a list may have */
export function sortKeys(orderBy: AssetOrder[] | null | undefined): SortKey[] {
  const order = orderBy?.length ? orderBy : [{ field: 'name', direction: 'ASC' as const }]
  if (order.length > maxSortKeys)
    throw new BadInput(`A list can be ordered by ${maxSortKeys} fields; these are ${order.length}.`)
  return order.map(({ field, direction }) => ({ field, direction: direction === 'DESC' ? -1 : 1 }))
}

/** @throws NotFound also when it exists but is invisible to the actor */
export async function getAsset<T extends Asset>(session: Session, id: string, kind?: Kind): Promise<T> {
  const expected = kind ? [kind.typeName] : allKinds().map((one) => one.typeName)
  const [asset] = await findAssetsById(session, [decodeId(id, ...expected).id])
  if (!asset) throw new NotFound(kind?.typeName ?? 'asset', id)
  return asset as T
}

/** The visible ones among these, in one command. */
export async function findAssetsById(session: Session, ids: ObjectId[]): Promise<Asset[]> {
  await assertRemembered(session, session.asOf)
  const wanted = { _id: { $in: ids }, ...visible(session) }
  const assets = recordsOf(session.core, 'assets')
  const options = { maxTimeMS: queryTimeoutMs, batchSize: ids.length + 1 }
  const records = session.asOf
    ? assets.aggregate([{ $match: wanted }, ...asOfThen(session)], options)
    : assets.find(wanted, options)
  return (await records.toArray()).map((record) => hydrate(record))
}

/**
 * Answers "what is this?" for an address, hostname, provider id, MAC or name: exact identifiers first, then those that
 * begin with the text, then names that contain it.
 */
export async function lookupAssets(
  session: Session,
  text: string,
  options: { kinds?: string[] | null; first: number },
): Promise<Asset[]> {
  const wanted = normalizeIdentifier(text)
  if (!wanted) return []
  const scope = {
    kind: { $in: options.kinds?.length ? options.kinds : allKinds().map((kind) => kind.kind) },
    retiredAt: null,
    ...visible(session),
  }
  const found = new Map<string, Document>()
  for (const match of [
    { identifiers: wanted },
    { identifiers: { $regex: `^${escapedText(wanted)}` } },
    { name: { $regex: escapedText(wanted), $options: 'i' } },
  ]) {
    const missing = options.first - found.size
    if (missing <= 0) break
    const records = await recordsOf(session.core, 'assets')
      .find({ ...match, ...scope }, { maxTimeMS: queryTimeoutMs })
      .limit(missing + found.size)
      .toArray()
    for (const record of records) if (found.size < options.first) found.set(String(record._id), record)
  }
  return [...found.values()].map((record) => hydrate(record))
}

/** Values that a text fact has among the visible assets, most frequent first; those that begin with the text lead. */
export async function findFactValues(
  session: Session,
  kind: Kind,
  name: string,
  options: { text?: string | null; first: number },
): Promise<{ value: string; count: number }[]> {
  const fact = factOf(kind, name)
  if (!fact || !['TEXT', 'ADDRESS', 'ENUM', 'LIST'].includes(fact.type))
    throw new BadInput(`${kind.typeName} has no field "${name}" with values to choose from.`)
  const text = options.text?.trim()
  const match = text ? { [name]: { $regex: escapedText(text), $options: 'i' } } : { [name]: { $ne: null } }
  const rows = await recordsOf(session.core, 'assets')
    .aggregate<{ _id: string; count: number }>(
      [
        { $match: { $and: [{ kind: kind.kind, retiredAt: null }, match, visible(session)] } },
        ...(fact.type === 'LIST' ? [{ $unwind: `$${name}` }, { $match: match }] : []),
        { $group: { _id: `$${name}`, count: { $sum: 1 } } },
        { $sort: { count: -1, _id: 1 } },
        { $limit: options.first },
      ],
      { maxTimeMS: queryTimeoutMs },
    )
    .toArray()
  return rows.map((row) => ({ value: row._id, count: row.count }))
}

/** A stored record as an instance of its kind's class; lists that it never had are empty. */
export function hydrate(record: Document): Asset {
  const kind = kindOf(record.kind as string)
  const asset = Object.assign(Object.create(kind.assetClass.prototype as object) as Asset, record)
  for (const fact of kind.facts)
    if (fact.type === 'LIST' || fact.type === 'OBJECTS') (asset as unknown as Document)[fact.name] ??= []
  return asset
}
