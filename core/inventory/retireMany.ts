import type { Document, ObjectId } from 'mongodb'
import type { Fields } from '../history/records.ts'
import { fieldsSince } from '../history/since.ts'
import { difference } from '../history/step.ts'
import { mayReach } from '../platform/access.ts'
import type { Fault } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import type { Asset } from './asset.ts'
import { type Choice, type Chosen, chosenIn, missing } from './choice.ts'
import type { Part } from './part.ts'

/** Retired assets stay readable, with their history; a crawl does not bring them back. */
export const retireMany = (session: Session, { choice }: { choice: Choice }) =>
  turnMany(session, choice, (current) =>
    current.retiredAt ? {} : { retiredAt: session.now, retiredBy: 'PERSON' },
  )

/** Brings retired assets back. */
export const restoreMany = (session: Session, { choice }: { choice: Choice }) =>
  turnMany(session, choice, () => ({ retiredAt: null, retiredBy: null }))

async function* turnMany(
  session: Session,
  choice: Choice,
  fieldsFor: (current: Document) => Fields,
): AsyncGenerator<Part> {
  for await (const chosen of chosenIn(session, choice)) {
    const later = await fieldsSince(session.core, chosen.flatMap(moved))
    const faults = chosen.flatMap((one) => faultsOf(session, one, later))
    const steps = chosen.map(({ current }) =>
      current && !faults.length
        ? difference(
            current,
            { collection: 'assets', recordKind: current.kind as string },
            fieldsFor(current),
          )
        : null,
    )
    yield { found: chosen.length, steps: steps.filter((step) => step !== null), faults }
  }
}

const moved = ({ current, version }: Chosen) =>
  current && version !== null && version < (current.version as number)
    ? [{ record: current._id as ObjectId, version }]
    : []

function faultsOf(session: Session, one: Chosen, later: Map<string, ReadonlySet<string>>): Fault[] {
  const { current, at, version } = one
  if (!current) return [missing(one)]
  const name = String(current.name)
  if (!mayReach(session, (current as Asset).access, 'ADMIN'))
    return [
      {
        code: 'FORBIDDEN',
        field: at,
        message: `Only those with the level ADMIN may retire ${name} or bring it back.`,
      },
    ]
  if (version !== null && (version > (current.version as number) || version < 1))
    return [
      {
        code: 'INVALID',
        field: [...at, 'version'],
        message: `${name} has version ${String(current.version)}, not ${version}.`,
      },
    ]
  if (later.get(String(current._id))?.has('retiredAt'))
    return [
      {
        code: 'CONFLICT',
        field: at,
        message: `Somebody else has retired or restored ${name} since you read it. Look at it again.`,
      },
    ]
  return []
}
