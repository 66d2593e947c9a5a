import type { Readable } from 'node:stream'
import { type Document, ObjectId } from 'mongodb'
import { workspaceOf } from '../accounts/asker.ts'
import { holderOf, sessionOfHolder } from '../accounts/authenticate.ts'
import type { CallerSession } from '../accounts/caller.ts'
import { recordsOf } from '../history/records.ts'
import type { AssetFilter } from '../inventory/filter.ts'
import { filterOfText, filterText } from '../inventory/filterText.ts'
import { type AssetOrder, conditionOf, sortKeys } from '../inventory/find.ts'
import { type Kind, kindOf } from '../inventory/kinds.ts'
import { visible } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { listCollation } from '../platform/database.ts'
import { BadInput, fault, NotFound, Unauthenticated } from '../platform/errors.ts'
import { encodeId } from '../platform/ids.ts'
import { sortOf } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { isSigned, sign } from '../platform/signing.ts'
import { cellOf } from '../inventory/cells.ts'
import { type Column, columnsOf } from './columns.ts'
import { csvFile } from './csvFile.ts'
import { type Export, exportsOf } from './export.ts'
import { FileFormat, mediaTypes } from './format.ts'
import { jsonlFile } from './jsonlFile.ts'
import { referenceNames } from './referenceNames.ts'
import { maxSheetRows, xlsxFile } from './xlsxFile.ts'

export interface ExportInput {
  kind: string
  filter?: AssetFilter | null
  orderBy?: AssetOrder[] | null
  columns?: string[] | null
  format: FileFormat
}

const urlMs = 10 * 60_000
const keptMs = 60 * 60_000
const batchSize = 1000

/** Prepares a download. Its URL is good for ten minutes, for this sign-in or token, and for what that then still sees. */
export async function createExport(session: CallerSession, input: ExportInput): Promise<{ url: string }> {
  const { core } = session
  const kind = kindOf(input.kind)
  const columns = columnsOf(kind, input.columns)
  // What is wrong with them is told now, not in the middle of a download.
  await conditionOf(session, kind, input)
  sortKeys(input.orderBy)
  const order = {
    _id: new ObjectId(),
    kind: kind.kind,
    filter: filterText(input.filter),
    orderBy: input.orderBy ?? [],
    columns: columns.map(({ name }) => name),
    format: input.format,
    workspace: workspaceOf(session),
    createdAt: session.now,
  }
  await exportsOf(core).deleteMany({ createdAt: { $lt: new Date(session.now.getTime() - keptMs) } })
  await exportsOf(core).insertOne(order)
  const id = order._id.toHexString()
  const holder = holderOf(session)
  const expires = String(session.now.getTime() + urlMs)
  const signature = sign(core.config, 'export-url', `${id}.${holder}.${expires}`)
  return { url: `/files/exports/${id}?${new URLSearchParams({ holder, expires, signature })}` }
}

export interface Download {
  name: string
  type: string
  content: Readable
}

/**
 * The file of a URL of {@link createExport}, read from the database as fast as it is taken.
 *
 * @throws BadInput when the URL is not exactly as it was made
 * @throws Unauthenticated when it or the sign-in has run out
 */
export async function openExport(
  core: Core,
  { id, holder, expires, signature }: { id: string; holder: string; expires: string; signature: string },
): Promise<Download> {
  if (!isSigned(core.config, 'export-url', `${id}.${holder}.${expires}`, signature))
    throw new BadInput('This is not the address of an export. Ask for a new one.')
  if (Date.now() > Number(expires))
    throw new Unauthenticated('This address has run out. Ask for a new export.')
  const order = await exportsOf(core).findOne({ _id: new ObjectId(id) })
  if (!order) throw new NotFound('export')
  const session = await sessionOfHolder(core, holder, order.workspace ?? undefined)
  const kind = kindOf(order.kind)
  const columns = columnsOf(kind, order.columns)
  const condition = {
    $and: [await conditionOf(session, kind, { filter: filterOfText(order.filter) }), visible(session)],
  }
  const { format } = order
  if (format === FileFormat.XLSX) await assertFits(core, condition)
  const batches = recordsIn(session, condition, order)
  const day = session.now.toISOString().slice(0, 10)
  return {
    name: `${kind.plural}-${day}.${format.toLowerCase()}`,
    type: mediaTypes[format],
    content:
      format === FileFormat.JSONL
        ? jsonlFile(objects(session, kind, columns, batches))
        : { CSV: csvFile, XLSX: xlsxFile }[format]({
            header: columns.map(({ name }) => name),
            batches: cells(session, kind, columns, batches),
          }),
  }
}

async function assertFits(core: Core, condition: Document) {
  const options = { limit: maxSheetRows, collation: listCollation }
  if ((await recordsOf(core, 'assets').countDocuments(condition, options)) >= maxSheetRows)
    throw fault(
      'LIMIT_REACHED',
      'format',
      `A spreadsheet holds ${maxSheetRows - 1} rows; these are more. Export them as CSV or JSONL, or filter them.`,
    )
}

async function* recordsIn(
  { core }: Session,
  condition: Document,
  { orderBy }: Pick<Export, 'orderBy'>,
): AsyncGenerator<Document[]> {
  const cursor = recordsOf(core, 'assets')
    .find(condition, { collation: listCollation, allowDiskUse: true })
    .sort({ ...sortOf(sortKeys(orderBy)), _id: 1 })
    .batchSize(batchSize)
  try {
    while (await cursor.hasNext()) yield cursor.readBufferedDocuments()
  } finally {
    await cursor.close()
  }
}

async function* cells(session: Session, kind: Kind, columns: Column[], batches: AsyncIterable<Document[]>) {
  for await (const read of withWords(session, kind, columns, batches))
    yield read.map((record) => columns.map(({ name, fact }) => cellOf(fact, record[name])))
}

async function* objects(session: Session, kind: Kind, columns: Column[], batches: AsyncIterable<Document[]>) {
  for await (const read of withWords(session, kind, columns, batches))
    yield read.map((record) =>
      Object.fromEntries(columns.map(({ name }): [string, unknown] => [name, record[name] ?? null])),
    )
}

/** The records with their ids as the API has them, and references in words. */
async function* withWords(
  session: Session,
  kind: Kind,
  columns: Column[],
  batches: AsyncIterable<Document[]>,
): AsyncGenerator<Document[]> {
  const references = columns.flatMap(({ fact }) => (fact?.type === 'REFERENCE' ? [fact] : []))
  for await (const records of batches) {
    const { wordFor } = await referenceNames(session, references, records)
    yield records.map((record) => ({
      ...record,
      id: encodeId(kind.typeName, record._id as ObjectId),
      ...Object.fromEntries(
        references.map(({ name }) => [name, record[name] ? wordFor(record[name] as ObjectId) : null]),
      ),
    }))
  }
}
