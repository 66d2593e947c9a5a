import { type Document, ObjectId } from 'mongodb'
import { recordsOf } from '../history/records.ts'
import { visible } from '../platform/access.ts'
import { listCollation, queryTimeoutMs } from '../platform/database.ts'
import { type Fault, fault } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { anyKind } from './anyKind.ts'
import type { AssetFilter } from './filter.ts'
import { filterOfText, filterText } from './filterText.ts'
import { conditionOf } from './find.ts'
import { allKinds, type Kind, kindOf } from './kinds.ts'

/** Assets that many things are done with at once: named one by one, or all that fit a filter. As it is stored. */
export type Choice =
  | { field: string; refs: { id: ObjectId; version: number | null }[] }
  | { field: string; kind: string; filter: string }

/** One of the chosen. */
export interface Chosen {
  /** Where the input names it. */
  at: string[]
  /** As it is now; null when it does not exist or is not visible. */
  current: Document | null
  /** Version that the caller has seen; null where none was named. */
  version: number | null
}

/** Assets that can be named in one input. */
export const maxNamed = 10_000
const batchSize = 500

/** @throws UserFault when nothing is chosen, too much is named, or both ways are used at once */
export function readChoice(
  field: string,
  named: { id: string; version?: number }[] | null | undefined,
  filtered: { kind: Kind; filter: AssetFilter } | null,
): Choice {
  if (named && filtered) throw fault('INVALID', 'filter', `Give ${field} or a filter, not both.`)
  if (filtered) return { field: 'filter', kind: filtered.kind.kind, filter: filterText(filtered.filter) }
  if (!named?.length) throw fault('REQUIRED', field, 'Name at least one asset, or give a filter.')
  if (named.length > maxNamed)
    throw fault(
      'LIMIT_REACHED',
      field,
      `At most ${maxNamed} can be named at once; these are ${named.length}. Use a filter instead.`,
    )
  const types = allKinds().map(({ typeName }) => typeName)
  return {
    field,
    refs: named.map(({ id, version }) => ({ id: decodeId(id, ...types).id, version: version ?? null })),
  }
}

export const chosenKind = (kind: string): Kind => (kind === anyKind.kind ? anyKind : kindOf(kind))

/** How many are chosen; of a filter, those that are visible now. */
export async function countChosen(session: Session, choice: Choice): Promise<number> {
  if ('refs' in choice) return new Set(choice.refs.map(({ id }) => id.toHexString())).size
  return recordsOf(session.core, 'assets').countDocuments(await conditionFor(session, choice), {
    collation: listCollation,
    maxTimeMS: queryTimeoutMs,
  })
}

/** The chosen, a batch at a time, each once. */
export async function* chosenIn(session: Session, choice: Choice): AsyncGenerator<Chosen[]> {
  if ('refs' in choice) yield* named(session, choice.refs, choice.field)
  else yield* filtered(session, choice)
}

async function* named(
  session: Session,
  refs: { id: ObjectId; version: number | null }[],
  field: string,
): AsyncGenerator<Chosen[]> {
  const places = new Map(refs.map(({ id }, index) => [id.toHexString(), index]))
  const once = refs
    .map((ref, index) => ({ ...ref, index }))
    .filter(({ id, index }) => places.get(id.toHexString()) === index)
  for (let start = 0; start < once.length; start += batchSize) {
    const batch = once.slice(start, start + batchSize)
    const rows = await recordsOf(session.core, 'assets')
      .find({ _id: { $in: batch.map(({ id }) => id) }, ...visible(session) }, { maxTimeMS: queryTimeoutMs })
      .batchSize(batch.length + 1)
      .toArray()
    const found = new Map(rows.map((row) => [String(row._id), row]))
    yield batch.map(({ id, version, index }) => ({
      at: [field, String(index)],
      current: found.get(id.toHexString()) ?? null,
      version,
    }))
  }
}

async function* filtered(
  session: Session,
  choice: { kind: string; filter: string },
): AsyncGenerator<Chosen[]> {
  const cursor = recordsOf(session.core, 'assets')
    .find(await conditionFor(session, choice), { collation: listCollation })
    .batchSize(batchSize)
  try {
    while (await cursor.hasNext())
      yield cursor.readBufferedDocuments().map((current) => ({ at: ['filter'], current, version: null }))
  } finally {
    await cursor.close()
  }
}

const conditionFor = async (session: Session, { kind, filter }: { kind: string; filter: string }) => ({
  $and: [await conditionOf(session, chosenKind(kind), { filter: filterOfText(filter) }), visible(session)],
})

/** What is told of one that does not exist. */
export const missing = ({ at }: Chosen): Fault => ({
  code: 'NOT_FOUND',
  field: at,
  message: 'This asset does not exist, or you may not see it.',
})
