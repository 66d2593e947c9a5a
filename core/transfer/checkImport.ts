import { MongoBulkWriteError, ObjectId } from 'mongodb'
import { kindOf } from '../inventory/kinds.ts'
import type { Session } from '../platform/session.ts'
import {
  type Import,
  type ImportCounts,
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

export const rowsAtOnce = 1000
const duplicateKey = 11000

/** Says what would become of each row, and changes nothing. May be done again. */
export async function checkImport(session: Session, order: Import, work: ImportWork): Promise<void> {
  const { core } = session
  const kind = kindOf(order.kind)
  const rows = importRowsOf(core)
  await rows.deleteMany({ import: order._id })
  const counts = noImportCounts()
  const table = await openTable(core, uploadKey(order.upload), order.format)
  for await (const batch of inBatches(table.rows, rowsAtOnce)) {
    work.signal.throwIfAborted()
    const judged = await judge(session, kind, order.columns, batch)
    const stored = judged.map((judgement) => rowOf(order, judgement))
    await insertRows(session, stored)
    for (const { verdict } of stored) count(counts, work, verdict)
    work.scope.counts.found += batch.length
    work.progress()
  }
  // Columns that were changed meanwhile need another check.
  await importsOf(core).updateOne(
    { _id: order._id, revision: order.revision },
    { $set: { checkedBy: work.run._id, counts } },
  )
}

export const rowOf = (order: Import, judgement: Judgement): ImportRow =>
  ({
    _id: new ObjectId(),
    import: order._id,
    kind: order.kind,
    number: judgement.number,
    verdict: judgement.verdict,
    name: judgement.name,
    asset: (judgement.current?._id as ObjectId | undefined) ?? null,
    version: (judgement.current?.version as number | undefined) ?? null,
    fields: Object.keys(judgement.facts),
    faults: judgement.faults,
    ...(judgement.target &&
      ![ImportVerdict.ERROR, ImportVerdict.CONFLICT].includes(judgement.verdict) && {
        target: judgement.target,
      }),
  }) as ImportRow

/** The database knows which rows are about the same as an earlier one. */
async function insertRows({ core }: Session, rows: ImportRow[]) {
  try {
    await importRowsOf(core).insertMany(rows, { ordered: false })
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.code !== duplicateKey) throw error
    const again = [error.writeErrors].flat().map(({ index }) => rows[index]!)
    for (const row of again) {
      row.verdict = ImportVerdict.CONFLICT
      row.faults = [
        {
          code: 'CONFLICT',
          field: null,
          message: `An earlier row is about ${row.name ?? 'the same asset'} as well. Leave one of them out.`,
        },
      ]
      delete row.target
    }
    await importRowsOf(core).insertMany(again, { ordered: false })
  }
}

const counted: Record<
  ImportVerdict,
  [keyof ImportCounts, 'created' | 'changed' | 'unchanged' | 'quarantined']
> = {
  CREATE: ['create', 'created'],
  UPDATE: ['update', 'changed'],
  UNCHANGED: ['unchanged', 'unchanged'],
  CONFLICT: ['conflict', 'quarantined'],
  ERROR: ['error', 'quarantined'],
}

export function count(counts: ImportCounts, { scope }: ImportWork, verdict: ImportVerdict) {
  const [ofImport, ofRun] = counted[verdict]
  counts[ofImport]++
  scope.counts[ofRun]++
}
