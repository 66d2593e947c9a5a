import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Cell } from '../inventory/cells.ts'
import type { Table } from './csvFile.ts'
import { guardFormula } from './formula.ts'

/** The most rows that a sheet can have, its header included. */
export const maxSheetRows = 1_048_576

/** The table as a workbook with one sheet. Texts are written in place, so nothing has to be remembered until the end. */
export function xlsxFile(table: Table): Readable {
  const zip = new ZipFile()
  const output = new PassThrough()
  const sheet = Readable.from(sheetOf(table), { objectMode: false })
  for (const [path, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), path)
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml')
  zip.end()
  const fail = (error: Error) => output.destroy(error)
  sheet.once('error', fail)
  zip.once('error', fail)
  // Whoever stops reading also stops what is read from.
  output.once('close', () => sheet.destroy())
  zip.outputStream.pipe(output)
  return output
}

async function* sheetOf({ header, batches }: Table): AsyncGenerator<string> {
  yield `${declaration}<worksheet xmlns="${main}"><sheetData>${row(header)}`
  for await (const rows of batches) yield rows.map(row).join('')
  yield '</sheetData></worksheet>'
}

const row = (cells: Cell[]) => `<row>${cells.map(written).join('')}</row>`

function written(cell: Cell): string {
  if (cell === null || cell === '') return '<c/>'
  if (typeof cell === 'number') return `<c><v>${cell}</v></c>`
  if (typeof cell === 'boolean') return `<c t="b"><v>${cell ? 1 : 0}</v></c>`
  return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(guardFormula(cell))}</t></is></c>`
}

/** Control characters are written the way that spreadsheets have for them, `_x0007_`. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    // eslint-disable-next-line no-control-regex
    .replace(/[\x00-\x08\x0b-\x1f\ufffe\uffff]/g, (found) => `_x${hex(found)}_`)
    .replace(/[&<>]/g, (found) => entities[found]!)

const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const parts = {
  '[Content_Types].xml': `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`,
  '_rels/.rels': `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
}
