import type { Document, ObjectId } from 'mongodb'
import type { Step } from '../history/commit.ts'
import { type Fields, recordsOf } from '../history/records.ts'
import { creation, difference } from '../history/step.ts'
import { derivedId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import type { Kind } from './kinds.ts'

/** An asset that a commit is about to change: as it was (null: not there yet), and the fields it gets. */
export interface Edited {
  kind: Kind
  id: ObjectId
  current: Document | null
  fields: Fields
  /** Scopes that report it. */
  sources: string[]
}

/**
 * Steps that keep relations equal to the references among the edited fields. The target's id stays on the asset as
 * well, because lists filter and show it all the time; both change in one commit.
 */
export async function relationSteps(session: Session, edited: Edited[]): Promise<Step[]> {
  const moves = edited.flatMap(({ kind, id, current, fields, sources }) =>
    kind.facts
      .filter((fact) => fact.type === 'REFERENCE' && fact.name in fields)
      .map((fact) => ({
        kind,
        fact,
        id,
        sources,
        from: (current?.[fact.name] as ObjectId | undefined) ?? null,
        to: (fields[fact.name] as ObjectId | null) ?? null,
        version: (current?.version as number | undefined) ?? 0,
      }))
      .filter(({ from, to }) => String(from) !== String(to)),
  )
  const left = moves.filter((move) => move.from)
  const open = left.length
    ? await recordsOf(session.core, 'relations')
        .find({ from: { $in: left.map((move) => move.id) }, validTo: { $exists: false } })
        .toArray()
    : []

  return moves.flatMap(({ kind, fact, id, from, to, version, sources }) => {
    const about = { collection: 'relations' as const, recordKind: fact.relation!, subject: id }
    const closed = open
      .filter(
        (edge) =>
          edge.kind === fact.relation &&
          id.equals(edge.from as ObjectId) &&
          from?.equals(edge.to as ObjectId),
      )
      .map((edge) => difference(edge, about, { validTo: session.now }))
    const opened =
      to &&
      creation(
        derivedId('relation', fact.relation!, id.toHexString(), to.toHexString(), String(version)),
        about,
        {
          workspace: session.workspace,
          kind: fact.relation,
          from: id,
          fromKind: kind.kind,
          to,
          toKind: fact.target,
          properties: {},
          validFrom: session.now,
          sources,
        },
      )
    return [...closed, opened].filter((step) => step !== null)
  })
}
