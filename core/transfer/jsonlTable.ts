import { decoded } from './decode.ts'
import {
  checkedHeader,
  maxCellLength,
  type OpenFile,
  type SourceRow,
  type SourceTable,
  unreadable,
} from './sourceTable.ts'

/** Lines in which columns are looked for. */
const headerLines = 1000

/** Reads one JSON object from each line; the columns are the names in the first thousand of them. */
export async function openJsonl(open: OpenFile): Promise<SourceTable> {
  const lines = linesOf(decoded(await open()))
  const seen: Line[] = []
  for (let next = await lines.next(); !next.done; next = await lines.next())
    if (seen.push(next.value) === headerLines) break
  const header = checkedHeader([...new Set(seen.flatMap(({ object }) => Object.keys(object ?? {})))])
  return { header, rows: rowsOf(seen, lines, header) }
}

interface Line {
  number: number
  object: Record<string, unknown> | null
}

async function* rowsOf(
  seen: Line[],
  rest: AsyncGenerator<Line>,
  header: string[],
): AsyncGenerator<SourceRow> {
  try {
    yield* seen.map((line) => rowOf(line, header))
    for await (const line of rest) yield rowOf(line, header)
  } finally {
    await rest.return(undefined)
  }
}

function rowOf({ number, object }: Line, header: string[]): SourceRow {
  if (!object) return { number, cells: [], problem: 'The line is not a JSON object.' }
  const strange = Object.keys(object).find((name) => !header.includes(name))
  return {
    number,
    cells: header.map((name) => object[name]),
    problem:
      strange === undefined
        ? null
        : `The line has a field "${strange.slice(0, 80)}", which none of the first ${headerLines} lines has.`,
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 0
  let open = ''
  for await (const part of text) {
    const lines = (open + part).split('\n')
    open = lines.pop()!
    if (open.length > maxCellLength)
      throw unreadable(`Line ${number + lines.length + 1} is longer than ${maxCellLength / 1024 / 1024} MiB.`)
    for (const line of lines) {
      number++
      if (line.trim()) yield { number, object: objectOf(line) }
    }
  }
  if (open.trim()) yield { number: number + 1, object: objectOf(open) }
}

function objectOf(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
