import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { decoded } from './decode.ts'
import { unguardFormula } from './formula.ts'
import {
  checkedHeader,
  maxCellLength,
  type OpenFile,
  type SourceRow,
  type SourceTable,
  unreadable,
} from './sourceTable.ts'

const separators = [',', ';', '\t', '|']
const sniffedLength = 64 * 1024

/** Reads CSV with whatever separator its header has. @throws UserFault for what is no CSV */
export async function openCsv(open: OpenFile): Promise<SourceTable> {
  const { start, text } = await peeked(decoded(await open()))
  if (!start.trim()) throw unreadable('The file is empty: it has no header that names its columns.')
  const parser = parse({
    delimiter: separatorOf(start),
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxCellLength,
  })
  // What goes wrong on either side is met where the rows are read.
  pipeline(Readable.from(text), parser, () => undefined)
  const records = parser[Symbol.asyncIterator]() as AsyncIterator<string[]>
  const first = await records.next().catch(named)
  const header = checkedHeader(first.done ? [] : first.value)
  return { header, rows: rowsOf(records, header) }
}

async function* rowsOf(records: AsyncIterator<string[]>, header: string[]): AsyncGenerator<SourceRow> {
  try {
    for (let number = 2; ; number++) {
      const { done, value: cells } = await records.next().catch(named)
      if (done) return
      while (cells.length > header.length && !cells.at(-1)) cells.pop()
      yield { number, cells: cells.map(unguardFormula), problem: problemOf(cells.length, header.length) }
    }
  } finally {
    await records.return?.()
  }
}

const problemOf = (found: number, expected: number) =>
  found === expected
    ? null
    : `The row has ${found} cells, but the header has ${expected}. A separator within a cell needs quotes around the cell.`

function named(error: unknown): never {
  if (!(error instanceof CsvError)) throw error
  const line = Number((error as { lines?: unknown }).lines ?? 0)
  const where = line ? `Around line ${line}` : 'Somewhere'
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      throw unreadable(
        `${where}, a row is longer than ${maxCellLength / 1024 / 1024} MiB. Is a quote not closed?`,
      )
    case 'CSV_QUOTE_NOT_CLOSED':
      throw unreadable('A quote is opened and not closed until the end of the file.')
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      throw unreadable(`${where}, a quote stands where none may be. A quote within a cell is written twice.`)
    default:
      throw unreadable(`${where}, the file is not CSV: ${error.message}`)
  }
}

/** The separator that the header has most of, outside of quotes. */
function separatorOf(start: string): string {
  const counts = new Map(separators.map((separator) => [separator, 0]))
  let quoted = false
  for (const character of start.trimStart()) {
    if (character === '"') quoted = !quoted
    else if (!quoted && (character === '\n' || character === '\r')) break
    else if (!quoted && counts.has(character)) counts.set(character, counts.get(character)! + 1)
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}

/** The beginning of a text, and the whole of it. */
async function peeked(text: AsyncGenerator<string>) {
  let start = ''
  while (start.length < sniffedLength) {
    const { done, value } = await text.next()
    if (done) break
    start += value
  }
  return {
    start,
    text: (async function* () {
      yield start
      yield* text
    })(),
  }
}
