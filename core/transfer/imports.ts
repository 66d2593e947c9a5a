import { type Document, ObjectId } from 'mongodb'
import { askerOf } from '../accounts/asker.ts'
import type { CallerSession } from '../accounts/caller.ts'
import { getUploads } from '../accounts/uploads.ts'
import { kindOf } from '../inventory/kinds.ts'
import { accessOfNew, mayReach, visible } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { requestRun } from '../runs/request.ts'
import type { Run } from '../runs/run.ts'
import type { FileFormat } from './format.ts'
import {
  hydrateImport,
  hydrateImportRow,
  Import,
  type ImportColumn,
  ImportMode,
  type ImportRow,
  importRowsOf,
  importsOf,
  type ImportVerdict,
} from './import.ts'
import type { ImportOrder } from './importRun.ts'
import { guessFields, remapped } from './mapping.ts'
import { formatOf, openTable } from './openTable.ts'
import { type SourceRow, unreadable } from './sourceTable.ts'

const sampleRows = 5
const sampleLength = 80
const keptMs = 30 * 24 * 3600_000

/** Begins an import of a file that the actor has sent: reads its header, and guesses what the columns mean. */
export async function createImport(
  session: Session,
  input: { kind: string; upload: string; format?: FileFormat | null },
): Promise<Import> {
  const { core } = session
  const kind = kindOf(input.kind)
  const [upload] = await getUploads(session, [input.upload]).catch((error: unknown) => {
    if (!(error instanceof NotFound)) throw error
    throw fault('NOT_FOUND', 'upload', 'There is no such upload of yours, or it has not arrived yet.')
  })
  const format = input.format ?? formatOf(upload!.name)
  if (!format)
    throw fault(
      'UNSUPPORTED',
      'upload',
      `"${upload!.name}" is not called .csv, .xlsx or .jsonl. Say by \`format\` which of them it is.`,
    )
  const access = accessOfNew(session)
  const { header, rows } = await openTable(core, upload!.path, format)
  const samples: SourceRow[] = []
  for await (const row of rows) if (samples.push(row) === sampleRows) break
  if (!samples.length) throw unreadable('The file has a header, but no rows.')
  const fields = guessFields(kind, header)
  const columns = header.map((name, position): ImportColumn => ({
    header: name,
    field: fields[position]!,
    samples: samples.map(({ cells }) => shown(cells[position])),
  }))
  const order = Object.assign(new Import(), {
    _id: new ObjectId(),
    workspace: session.workspace,
    kind: kind.kind,
    fileName: upload!.name,
    upload: upload!._id,
    format,
    columns,
    access,
    createdAt: session.now,
    revision: 1,
    checkedBy: null,
    counts: null,
    appliedAt: null,
    changeSet: null,
  })
  await importsOf(core).insertOne(order)
  return order
}

function shown(cell: unknown): string {
  if (cell === undefined || cell === null) return ''
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell as string)
  return text.slice(0, sampleLength)
}

/** Sends columns to other fields; what was checked before has to be checked again. */
export async function updateImport(
  session: Session,
  input: { id: string; mapping: { header: string; field?: string | null }[] },
): Promise<Import> {
  const order = await openOrder(session, input.id)
  const columns = remapped(kindOf(order.kind), order.columns, input.mapping)
  const saved = await importsOf(session.core).findOneAndUpdate(
    { _id: order._id, revision: order.revision, appliedAt: null },
    { $set: { columns, checkedBy: null, counts: null }, $inc: { revision: 1 } },
    { returnDocument: 'after' },
  )
  if (!saved)
    throw fault('CONFLICT', null, 'Somebody else has changed this import in the meantime. Look at it again.')
  return hydrateImport(saved)
}

/** Asks for a verdict on each row. Nothing is changed by it. */
export const checkImport = async (session: CallerSession, id: string) =>
  runFor(session, await openOrder(session, id), null)

/** Asks for the rows to be written, as they were found in the check. */
export async function applyImport(session: CallerSession, input: { id: string; mode: ImportMode }) {
  const order = await openOrder(session, input.id)
  const { counts } = order
  if (!order.checkedBy || !counts)
    throw fault(
      'LOCKED',
      null,
      'Check the import first, with its present columns, and look at what it would do.',
    )
  const bad = counts.conflict + counts.error
  if (input.mode === ImportMode.ALL_OR_NOTHING && bad)
    throw fault(
      'CONFLICT',
      'mode',
      `${bad} rows cannot be imported. Mend the file, or import the others by SKIP_ERRORS.`,
    )
  return runFor(session, order, input.mode)
}

async function runFor(
  session: CallerSession,
  order: Import,
  mode: ImportMode | null,
): Promise<{ order: Import; run: Run }> {
  const what: ImportOrder = { mode, ...askerOf(session) }
  const { run, alreadyRunning } = await requestRun(session, {
    kind: 'import',
    title: `${mode ? 'Import' : 'Check'} ${order.fileName}`,
    subject: { type: 'Import', id: order._id },
    access: order.access,
    input: { ...what },
  })
  if (alreadyRunning) throw fault('LOCKED', null, 'This import is being worked on. Wait until that is done.')
  return { order, run }
}

async function openOrder(session: Session, id: string): Promise<Import> {
  const order = await getImport(session, id)
  if (!mayReach(session, order.access, 'WRITE'))
    throw fault('FORBIDDEN', null, 'You may look at this import, but not change it.')
  if (order.appliedAt)
    throw fault('LOCKED', null, 'This has been imported already. Send the file again to import it once more.')
  return order
}

/** @throws NotFound also when it exists but is invisible to the actor */
export async function getImport(session: Session, id: string): Promise<Import> {
  const [found] = await findImportsById(session, [decodeId(id, 'Import').id])
  if (!found) throw new NotFound('import', id)
  return found
}

export async function findImportsById(session: Session, ids: readonly ObjectId[]): Promise<Import[]> {
  const rows = await importsOf(session.core)
    .find({ _id: { $in: [...ids] }, ...visible(session) })
    .toArray()
  return rows.map(hydrateImport)
}

/** Rows of an import in the order of the file. */
export async function findImportRows(
  session: Session,
  order: Import,
  args: PageArgs & { verdict?: ImportVerdict[] | null },
): Promise<Page<ImportRow>> {
  const filter: Document = {
    import: order._id,
    ...(args.verdict?.length && { verdict: { $in: args.verdict } }),
  }
  const page = await findPage(importRowsOf(session.core), filter, [{ field: 'number', direction: 1 }], args)
  return mapPage(page, hydrateImportRow)
}

/** Forgets imports of a month ago, with their files. */
export async function sweepImports(core: Core): Promise<void> {
  const old = await importsOf(core)
    .find({ createdAt: { $lt: new Date(Date.now() - keptMs) } })
    .limit(20)
    .toArray()
  for (const { _id, upload } of old) {
    await importRowsOf(core).deleteMany({ import: _id })
    await core.files.remove(`uploads/${upload.toHexString()}`)
    await core.db.collection('uploads').deleteOne({ _id: upload })
    await importsOf(core).deleteOne({ _id })
  }
}
