import type { Document, ObjectId } from 'mongodb'
import { recordsOf } from '../history/records.ts'
import type { Fact } from '../inventory/facts.ts'
import { assetTypeName } from '../inventory/kinds.ts'
import { visible } from '../platform/access.ts'
import { listCollation } from '../platform/database.ts'
import { encodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'

/** Says what references point to, in words that an import finds again. */
export interface ReferenceNames {
  /** The target's name; its id where the name is not clear; null when the session may not see it. */
  wordFor(id: ObjectId): string | null
}

/** The words for all references of some records; two commands, whatever their number. */
export async function referenceNames(
  session: Session,
  facts: Fact[],
  records: Document[],
): Promise<ReferenceNames> {
  const words = new Map<string, string>()
  const ids = new Map<string, ObjectId>()
  for (const record of records)
    for (const { name } of facts) {
      const id = record[name] as ObjectId | null | undefined
      if (id) ids.set(id.toHexString(), id)
    }
  if (ids.size) {
    const assets = recordsOf(session.core, 'assets')
    const options = { projection: { name: 1, kind: 1, retiredAt: 1 } }
    const targets = await assets
      .find({ _id: { $in: [...ids.values()] }, ...visible(session) }, options)
      .toArray()
    const namesakes = await assets
      .find(
        {
          kind: { $in: [...new Set(targets.map(({ kind }) => kind as string))] },
          name: { $in: [...new Set(targets.map(({ name }) => name as string))] },
          retiredAt: null,
          ...visible(session),
        },
        { ...options, collation: listCollation },
      )
      .toArray()
    const counts = new Map<string, number>()
    for (const one of namesakes) counts.set(nameKey(one), (counts.get(nameKey(one)) ?? 0) + 1)
    for (const target of targets) {
      const clear =
        !target.retiredAt && counts.get(nameKey(target)) === 1 && !looksLikeMore(String(target.name))
      words.set(
        target._id.toHexString(),
        clear ? String(target.name) : encodeId(assetTypeName(target.kind as string), target._id as ObjectId),
      )
    }
  }
  return { wordFor: (id) => words.get(id.toHexString()) ?? null }
}

const nameKey = ({ kind, name }: Document) => `${kind as string}:${foldName(String(name))}`

/** Names that differ in case only are the same name, as in every list. */
export const foldName = (name: string) => name.trim().toLowerCase()

/** A name that could be taken for a reference with its kind, such as `system:billing`. */
const looksLikeMore = (name: string) => name !== name.trim() || /^[a-z]+:/i.test(name)
