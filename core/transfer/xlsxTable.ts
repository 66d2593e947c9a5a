import { posix } from 'node:path'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { unguardFormula } from './formula.ts'
import {
  checkedHeader,
  maxCellLength,
  type OpenFile,
  type SourceRow,
  type SourceTable,
  unreadable,
} from './sourceTable.ts'
import { openWorkbook, type Workbook } from './workbook.ts'

const mib = 1024 * 1024
const maxSheetBytes = 1024 * mib
/** Texts that cells share are all in memory while the sheet is read. */
const maxSharedBytes = 64 * mib
const maxPartBytes = 4 * mib
/** As many columns as a sheet can have. */
const maxSheetColumns = 16_384

/** Reads the first sheet of a workbook. Of formulas, the value that was saved with them counts. */
export async function openXlsx(open: OpenFile): Promise<SourceTable> {
  const workbook = await openWorkbook(open)
  try {
    const sheet = await firstSheet(workbook)
    const shared = workbook.has(sharedPath) ? await sharedTexts(workbook) : []
    const rows = sheetRows(workbook, sheet, shared)
    const first = await rows.next()
    const header = checkedHeader(first.done ? [] : first.value.cells.map((cell) => textOf(cell)))
    return { header, rows: closing(workbook, below(rows, header)) }
  } catch (error) {
    await workbook.close()
    throw error
  }
}

const textOf = (cell: unknown) => (cell === undefined || cell === null ? '' : String(cell as string))

async function* below(rows: AsyncIterable<SourceRow>, header: string[]): AsyncGenerator<SourceRow> {
  for await (const row of rows) {
    const beyond = row.cells.slice(header.length).some((cell) => textOf(cell))
    const cells = header.map((_, position) => unguarded(row.cells[position]))
    const problem = row.problem ?? (beyond ? 'The row has cells beyond the last column of the header.' : null)
    if (cells.some((cell) => cell !== null && cell !== '')) yield { ...row, cells, problem }
  }
}

const unguarded = (cell: unknown) => (typeof cell === 'string' ? unguardFormula(cell) : (cell ?? null))

async function* closing(workbook: Workbook, rows: AsyncIterable<SourceRow>): AsyncGenerator<SourceRow> {
  try {
    yield* rows
  } finally {
    await workbook.close()
  }
}

const sharedPath = 'xl/sharedStrings.xml'

/** Path of the sheet that comes first in the workbook. */
async function firstSheet(workbook: Workbook): Promise<string> {
  let id = ''
  await walk(workbook.read('xl/workbook.xml', maxPartBytes), {
    open(tag) {
      if (tag.name === 'sheet') id ||= tag.attributes['r:id'] ?? ''
    },
  })
  let target = ''
  await walk(workbook.read('xl/_rels/workbook.xml.rels', maxPartBytes), {
    open(tag) {
      if (tag.name === 'Relationship' && tag.attributes.Id === id) target = tag.attributes.Target ?? ''
    },
  })
  return target.startsWith('/') ? target.slice(1) : posix.join('xl', target || 'worksheets/sheet1.xml')
}

async function sharedTexts(workbook: Workbook): Promise<string[]> {
  const texts: string[] = []
  let text: string | null = null
  let phonetic = false
  await walk(workbook.read(sharedPath, maxSharedBytes), {
    open(tag) {
      if (tag.name === 'si') texts.push('')
      else if (tag.name === 'rPh') phonetic = true
      else if (tag.name === 't' && !phonetic) text = ''
    },
    text(part) {
      if (text !== null) text += part
    },
    close(tag) {
      if (tag.name === 'rPh') phonetic = false
      else if (tag.name === 't' && text !== null) {
        texts[texts.length - 1] += unescaped(text)
        text = null
      }
    },
  })
  return texts
}

async function* sheetRows(workbook: Workbook, path: string, shared: string[]): AsyncGenerator<SourceRow> {
  let ready: SourceRow[] = []
  let row: SourceRow = { number: 0, cells: [], problem: null }
  let type = 'n'
  let column = -1
  let text: string | null = null
  const handlers: Handlers = {
    open({ name, attributes }) {
      if (name === 'row') {
        row = { number: Number(attributes.r) || row.number + 1, cells: [], problem: null }
        column = -1
      } else if (name === 'c') {
        column = attributes.r ? columnOf(attributes.r) : column + 1
        if (!(column < maxSheetColumns))
          throw unreadable(`Row ${row.number} has more columns than a sheet can have.`)
        type = attributes.t ?? 'n'
      } else if (name === 'v' || name === 't') text ??= ''
      else if (name === 'rPh') text = null
    },
    text(part) {
      if (text === null) return
      text += part
      if (text.length > maxCellLength)
        throw unreadable(`A cell of row ${row.number} is longer than ${maxCellLength / mib} MiB.`)
    },
    close({ name }) {
      if (name === 'row') ready.push(row)
      if ((name !== 'v' && name !== 't') || text === null) return
      const before = row.cells[column]
      const value = valueOf(type, text, shared)
      // Texts may come in several pieces that look different.
      row.cells[column] = name === 't' && typeof before === 'string' ? before + String(value) : value
      if (type === 'e') row.problem ??= `A formula of the row has failed with ${text.slice(0, 20)}.`
      text = null
    },
  }
  const pieces = events(workbook.read(path, maxSheetBytes), handlers)
  while (!(await pieces.next()).done) {
    yield* ready
    ready = []
  }
}

function valueOf(type: string, text: string, shared: string[]): unknown {
  switch (type) {
    case 's':
      return shared[Number(text)] ?? ''
    case 'b':
      return text === '1'
    case 'n':
      return text === '' ? null : Number(text)
    default:
      return unescaped(text)
  }
}

/** "AB12" → 27. */
const columnOf = (reference: string): number =>
  [...(/^[A-Z]+/.exec(reference)?.[0] ?? '')].reduce(
    (sum, letter) => sum * 26 + letter.charCodeAt(0) - 64,
    0,
  ) - 1

const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text

interface Handlers {
  open?(tag: SaxesTagPlain): void
  text?(text: string): void
  close?(tag: SaxesTagPlain): void
}

/** Goes through an XML file, and comes back after each piece of it. Entities that a file defines are not known here. */
async function* events(bytes: AsyncIterable<Buffer>, handlers: Handlers): AsyncGenerator<void> {
  const parser = new SaxesParser({ position: false })
  parser.on('opentag', (tag) => handlers.open?.(local(tag as SaxesTagPlain)))
  parser.on('closetag', (tag) => handlers.close?.(local(tag as SaxesTagPlain)))
  parser.on('text', (text) => handlers.text?.(text))
  parser.on('error', (error) => {
    throw unreadable(`The workbook is damaged: ${error.message}`)
  })
  const decoder = new TextDecoder()
  for await (const chunk of bytes) {
    parser.write(decoder.decode(chunk, { stream: true }))
    yield
  }
  parser.close()
  yield
}

async function walk(bytes: AsyncIterable<Buffer>, handlers: Handlers) {
  const pieces = events(bytes, handlers)
  while (!(await pieces.next()).done);
}

/** Some programs write each name with a prefix. */
function local(tag: SaxesTagPlain): SaxesTagPlain {
  const colon = tag.name.indexOf(':')
  return colon < 0 ? tag : { ...tag, name: tag.name.slice(colon + 1) }
}
