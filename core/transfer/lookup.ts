import type { Document, ObjectId } from 'mongodb'
import { recordsOf } from '../history/records.ts'
import { allKinds, assetTypeName, type Kind } from '../inventory/kinds.ts'
import { visible } from '../platform/access.ts'
import { listCollation } from '../platform/database.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { foldName } from './referenceNames.ts'

/** What a word in a file points to: an id, or a name within a kind. */
export type Pointer = { id: ObjectId; type: string } | { kind: string; name: string }

/** `system:billing`, the id of something, or a name of the kind that is expected. */
export function pointerOf(word: string, expected: string): Pointer {
  if (/^[\w-]{24,}$/.test(word)) {
    try {
      return decodeId(word)
    } catch {
      return { kind: expected, name: word }
    }
  }
  const [, prefix, rest] = /^([a-z]+):\s*(.+)$/is.exec(word) ?? []
  const kind = prefix && kindCalled(prefix)
  return kind ? { kind: kind.kind, name: rest! } : { kind: expected, name: word }
}

const kindCalled = (word: string): Kind | undefined =>
  allKinds().find(({ typeName, kind }) =>
    [typeName, kind].some((name) => name.toLowerCase() === word.toLowerCase()),
  )

/** The visible assets that the rows of a batch may mean. */
export class Candidates {
  private readonly byId = new Map<string, Document>()
  private readonly byName = new Map<string, Document[]>()

  constructor(records: Document[]) {
    for (const record of records) {
      this.byId.set((record._id as ObjectId).toHexString(), record)
      if (record.retiredAt) continue
      const key = keyOf(record.kind as string, String(record.name))
      this.byName.set(key, [...(this.byName.get(key) ?? []), record])
    }
  }

  withId = (id: ObjectId): Document | undefined => this.byId.get(id.toHexString())

  /** Live ones; the case counts only where several differ in nothing else. */
  named(kind: string, name: string): Document[] {
    const found = this.byName.get(keyOf(kind, name)) ?? []
    const exact = found.filter((record) => record.name === name)
    return exact.length ? exact : found
  }

  pointedAt(pointer: Pointer): Document[] {
    if ('name' in pointer) return this.named(pointer.kind, pointer.name)
    const record = this.withId(pointer.id)
    return record && assetTypeName(record.kind as string) === pointer.type ? [record] : []
  }
}

const keyOf = (kind: string, name: string) => `${kind}:${foldName(name)}`

/** Finds all of them in one command. */
export async function findCandidates(session: Session, pointers: Pointer[]): Promise<Candidates> {
  const ids = pointers.flatMap((pointer) => ('id' in pointer ? [pointer.id] : []))
  const names = new Map<string, Set<string>>()
  for (const pointer of pointers)
    if ('name' in pointer) names.set(pointer.kind, (names.get(pointer.kind) ?? new Set()).add(pointer.name))
  const seen = visible(session)
  const branches = [
    ...(ids.length ? [{ _id: { $in: ids }, ...seen }] : []),
    ...[...names].map(([kind, wanted]) => ({ kind, name: { $in: [...wanted] }, retiredAt: null, ...seen })),
  ]
  if (!branches.length) return new Candidates([])
  const records = await recordsOf(session.core, 'assets')
    .find({ $or: branches }, { collation: listCollation })
    .batchSize(2 * pointers.length + 1)
    .toArray()
  return new Candidates(records)
}
