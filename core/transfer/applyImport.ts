import type { Document, ObjectId } from 'mongodb'
import type { Step } from '../history/commit.ts'
import { ChangeOrigin } from '../history/records.ts'
import { creation, difference } from '../history/step.ts'
import type { Declaration } from '../inventory/asset.ts'
import { declare } from '../inventory/edit.ts'
import { effective } from '../inventory/effective.ts'
import { type Kind, kindOf } from '../inventory/kinds.ts'
import type { Observed } from '../inventory/observation.ts'
import { type Edited, relationSteps } from '../inventory/references.ts'
import { accessOfNew } from '../platform/access.ts'
import { Problem } from '../platform/errors.ts'
import { derivedId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { commitOnce } from '../runs/commitOnce.ts'
import { LogLevel, noCounts } from '../runs/run.ts'
import { count, rowsAtOnce } from './checkImport.ts'
import {
  type Import,
  ImportMode,
  type ImportRow,
  importRowsOf,
  importsOf,
  ImportVerdict,
  noImportCounts,
} from './import.ts'
import type { ImportWork } from './importRun.ts'
import { judge, type Judgement } from './judge.ts'
import { inBatches, openTable } from './openTable.ts'
import { uploadKey } from './uploadKey.ts'

/** Writes the rows that were found good as one change set. A worker that is lost is followed by one that ends up the same. */
export async function applyImport(session: Session, order: Import, work: ImportWork, mode: ImportMode) {
  const { core } = session
  const counts = noImportCounts()
  const intention = { title: `Import ${order.fileName}`, origin: ChangeOrigin.IMPORT }
  const set = await commitOnce(session, work.run, intention, () => {
    Object.assign(counts, noImportCounts())
    work.scope.counts = noCounts()
    return stepsOf(session, order, work, mode, counts)
  })
  await importsOf(core).updateOne(
    { _id: order._id },
    {
      $set: {
        appliedAt: new Date(),
        changeSet: set?._id ?? null,
        ...(work.scope.counts.found && { counts }),
      },
    },
  )
  work.log(
    LogLevel.INFO,
    set
      ? `${set.counts.created} added, ${set.counts.changed} changed, in one change set.`
      : 'Everything was as the file says; nothing was written.',
  )
}

async function* stepsOf(
  session: Session,
  order: Import,
  work: ImportWork,
  mode: ImportMode,
  counts: Import['counts'] & object,
): AsyncGenerator<Step[]> {
  const kind = kindOf(order.kind)
  const table = await openTable(session.core, uploadKey(order.upload), order.format)
  for await (const batch of inBatches(table.rows, rowsAtOnce)) {
    work.signal.throwIfAborted()
    const stored = new Map<number, ImportRow>()
    const numbers = { $gte: batch[0]!.number, $lte: batch.at(-1)!.number }
    for await (const row of importRowsOf(session.core).find({ import: order._id, number: numbers }))
      stored.set(row.number, row)
    const { CREATE, UPDATE } = ImportVerdict
    const isGood = (number: number) =>
      [CREATE, UPDATE].includes(stored.get(number)?.verdict ?? ImportVerdict.ERROR)
    const good = batch.filter(({ number }) => isGood(number))
    const versions = new Map(
      good.flatMap(({ number }) => {
        const version = stored.get(number)!.version
        return version ? [[number, version] as const] : []
      }),
    )
    const judged = (await judge(session, kind, order.columns, good, versions)).map((judgement) =>
      asExpected(judgement, stored.get(judgement.number)!),
    )
    await noteChanged(session, order, judged, stored, mode)
    for (const { number } of batch)
      if (!isGood(number)) count(counts, work, stored.get(number)?.verdict ?? ImportVerdict.ERROR)
    for (const { verdict } of judged) count(counts, work, verdict)
    work.scope.counts.found += batch.length
    work.progress()
    const wanted = judged.filter(({ verdict }) => verdict === CREATE || verdict === UPDATE)
    yield await stepsFor(session, kind, order, wanted)
  }
}

/** A row that would now do something else than people were told does nothing. */
function asExpected(judgement: Judgement, row: ImportRow): Judgement {
  const { verdict, current } = judgement
  if (verdict === ImportVerdict.ERROR || verdict === ImportVerdict.CONFLICT) return judgement
  const same = row.asset ? row.asset.equals(current?._id as ObjectId | undefined) : !current
  if (same) return judgement
  return {
    ...judgement,
    verdict: ImportVerdict.CONFLICT,
    faults: [
      {
        code: 'CONFLICT',
        field: null,
        message: row.asset
          ? 'The asset that this row was about has been renamed or retired since the check.'
          : 'An asset of this name has come into the inventory since the check.',
      },
    ],
  }
}

/** Keeps why rows are no longer good. @throws Problem when all rows or none are wanted */
async function noteChanged(
  { core }: Session,
  order: Import,
  judged: Judgement[],
  stored: Map<number, ImportRow>,
  mode: ImportMode,
) {
  const bad = judged.filter(
    ({ verdict }) => verdict === ImportVerdict.ERROR || verdict === ImportVerdict.CONFLICT,
  )
  const [first] = bad
  if (!first) return
  if (mode === ImportMode.ALL_OR_NOTHING)
    throw new Problem(
      'IMPORT_OUTDATED',
      `Row ${first.number}: ${first.faults[0]!.message} Nothing was imported.`,
      'Check the import again.',
    )
  await importRowsOf(core).bulkWrite(
    bad.map(({ number, verdict, faults }) => ({
      updateOne: {
        filter: { _id: stored.get(number)!._id, import: order._id },
        update: { $set: { verdict, faults } },
      },
    })),
  )
}

async function stepsFor(session: Session, kind: Kind, order: Import, wanted: Judgement[]): Promise<Step[]> {
  const about = { collection: 'assets' as const, recordKind: kind.kind }
  const access = accessOfNew(session)
  const edits = wanted.map(({ number, current, facts }): Edited => {
    const id =
      (current?._id as ObjectId | undefined) ?? derivedId('import', order._id.toHexString(), String(number))
    const declared = declare(session, (current?.declared ?? {}) as Record<string, Declaration>, facts)
    const observations = (current?.observations ?? []) as Observed[]
    return {
      kind,
      id,
      current,
      sources: [],
      fields: { declared, ...effective(kind, { declared, observations }) },
    }
  })
  const steps = edits.map(({ id, current, fields }) =>
    current
      ? difference(current, about, fields)
      : creation(id, about, {
          kind: kind.kind,
          workspace: session.workspace,
          createdAt: session.now,
          access,
          observations: [],
          ...fields,
        } as Document),
  )
  return [...steps.filter((step) => step !== null), ...(await relationSteps(session, edits))]
}
