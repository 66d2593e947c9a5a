import { decodeId } from '../platform/ids.ts'
import { CoreError, type Fault } from '../platform/errors.ts'
import type { Fields } from '../history/records.ts'
import { factOf, type Kind } from '../inventory/kinds.ts'
import type { ImportColumn } from './import.ts'
import { type Pointer, pointerOf } from './lookup.ts'
import type { SourceRow } from './sourceTable.ts'
import { isEmpty, textIn, valueOf, WrongCell } from '../inventory/cellValues.ts'

/** A row as it reads by itself, before anybody has looked into the inventory. */
export interface ReadRow {
  number: number
  /** Names the asset; the name where there is none. */
  id: Pointer | null
  version: number | null
  name: string | null
  /** Values of the facts, but for references; null where the cell is empty. */
  input: Fields
  /** What references point to; null where the cell is empty. */
  references: Map<string, Pointer | null>
  faults: Fault[]
}

export function readRow(kind: Kind, columns: ImportColumn[], row: SourceRow): ReadRow {
  const read: ReadRow = {
    number: row.number,
    id: null,
    version: null,
    name: null,
    input: {},
    references: new Map(),
    faults: [],
  }
  if (row.problem) {
    read.faults.push({ code: 'INVALID', field: null, message: row.problem })
    return read
  }
  for (const [position, { field }] of columns.entries()) {
    if (!field) continue
    try {
      readCell(kind, read, field, row.cells[position])
    } catch (error) {
      if (!(error instanceof WrongCell || error instanceof CoreError)) throw error
      read.faults.push({ code: 'INVALID', field: [field], message: error.message })
    }
  }
  return read
}

function readCell(kind: Kind, read: ReadRow, field: string, cell: unknown) {
  if (field === 'id') {
    if (cell !== undefined && !isEmpty(cell)) read.id = decodeId(textIn('The id', cell), kind.typeName)
  } else if (field === 'version') {
    if (cell !== undefined && !isEmpty(cell)) read.version = versionIn(cell)
  } else {
    const fact = factOf(kind, field)!
    const value = valueOf(fact, cell)
    if (field === 'name' && typeof value === 'string') read.name = value
    if (fact.type === 'REFERENCE') {
      if (value !== undefined)
        read.references.set(field, value === null ? null : pointerOf(value as string, fact.target!))
    } else read.input[field] = value
  }
}

function versionIn(cell: unknown): number {
  const version = Number(cell)
  if (Number.isInteger(version) && version > 0) return version
  throw new WrongCell('The version must be a whole number from 1 up.')
}
