import type { CallerSession } from '../accounts/caller.ts'
import { type AccessChange, planAccess } from '../accounts/share.ts'
import type { SharedRecord } from '../accounts/shareable.ts'
import { difference } from '../history/step.ts'
import { type Choice, chosenIn, missing } from './choice.ts'
import type { Part } from './part.ts'

/** Changes who may see and change assets; the entries that are not named stay as they are. */
export async function* shareMany(
  session: CallerSession,
  { choice, change }: { choice: Choice; change: AccessChange },
): AsyncGenerator<Part> {
  for await (const chosen of chosenIn(session, choice)) {
    const places = new Map(chosen.map(({ current, at }) => [current as SharedRecord | null, at]))
    const records = chosen.flatMap(({ current }) => (current ? [current as SharedRecord] : []))
    const plan = await planAccess(session, records, change)
    const faults = [
      ...chosen.filter(({ current }) => !current).map(missing),
      ...plan.faults.map(({ record, fault }) => ({ ...fault, field: fault.field ?? places.get(record)! })),
    ]
    const steps = plan.edits.map(({ record, access }) =>
      difference(record, { collection: 'assets', recordKind: record.kind as string }, { access }),
    )
    yield {
      found: chosen.length,
      steps: faults.length ? [] : steps.filter((step) => step !== null),
      faults,
    }
  }
}
