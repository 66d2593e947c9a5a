import { Readable } from 'node:stream'
import type { Cell } from '../inventory/cells.ts'
import { guardFormula } from './formula.ts'

/** A table that becomes known batch by batch. */
export interface Table {
  header: string[]
  batches: AsyncIterable<Cell[][]>
}

/** The table as CSV of RFC 4180, in UTF-8 without a byte order mark. */
export const csvFile = (table: Table): Readable => Readable.from(lines(table), { objectMode: false })

async function* lines({ header, batches }: Table): AsyncGenerator<string> {
  yield line(header)
  for await (const rows of batches) yield rows.map(line).join('')
}

const line = (cells: Cell[]) => `${cells.map(written).join(',')}\r\n`

function written(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = guardFormula(cell)
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
