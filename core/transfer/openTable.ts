import type { Core } from '../platform/core.ts'
import { NotFound } from '../platform/errors.ts'
import { FileFormat } from './format.ts'
import { openCsv } from './csvTable.ts'
import { openJsonl } from './jsonlTable.ts'
import { type SourceRow, type SourceTable, unreadable } from './sourceTable.ts'
import { openXlsx } from './xlsxTable.ts'

/** Opens a stored file as a table. @throws UserFault for what cannot be read as one */
export function openTable(core: Core, key: string, format: FileFormat): Promise<SourceTable> {
  const open = async () => {
    try {
      return await core.files.read(key)
    } catch (error) {
      throw error instanceof NotFound ? unreadable('The file is no longer there. Send it again.') : error
    }
  }
  return { CSV: openCsv, XLSX: openXlsx, JSONL: openJsonl }[format](open)
}

/** The format that a file's name tells; null when it tells none. */
export function formatOf(fileName: string): FileFormat | null {
  const ending = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
  if (['csv', 'tsv', 'txt'].includes(ending)) return FileFormat.CSV
  if (ending === 'xlsx') return FileFormat.XLSX
  return ['jsonl', 'ndjson'].includes(ending) ? FileFormat.JSONL : null
}

export async function* inBatches(rows: AsyncIterable<SourceRow>, size: number): AsyncGenerator<SourceRow[]> {
  let batch: SourceRow[] = []
  for await (const row of rows)
    if (batch.push(row) === size) {
      yield batch
      batch = []
    }
  if (batch.length) yield batch
}
