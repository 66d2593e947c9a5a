import { type Fact, type ItemField, itemFieldsOf } from './facts.ts'
import { areLabels } from './cells.ts'

/** A cell that does not say what its field needs; the message is a sentence. */
export class WrongCell extends Error {}

/**
 * The value that a cell means, in the form of the API: the inverse of `cellOf`. Undefined when the file says nothing,
 * null for an empty cell. A reference stays the word that it is.
 *
 * @throws WrongCell
 */
export function valueOf(fact: Fact, cell: unknown): unknown {
  if (cell === undefined) return undefined
  if (isEmpty(cell)) return null
  switch (fact.type) {
    case 'TEXT':
    case 'ADDRESS':
    case 'REFERENCE':
      return textIn(fact.label, cell)
    case 'NUMBER':
      return numberIn(fact.label, cell)
    case 'BOOLEAN':
      return booleanIn(fact.label, cell)
    case 'DATE':
      return dateIn(fact.label, cell)
    case 'ENUM':
      return enumIn(fact.label, fact.values!, cell)
    case 'LIST':
      return listIn(fact, cell)
    case 'OBJECTS':
      return itemsIn(fact, cell)
  }
}

export const isEmpty = (cell: unknown) => cell === null || (typeof cell === 'string' && !cell.trim())

const shown = (cell: unknown) => {
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

export function textIn(label: string, cell: unknown): string {
  if (typeof cell === 'string') return cell.trim()
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell)
  throw new WrongCell(`${label} must be a text; "${shown(cell)}" is none.`)
}

function numberIn(label: string, cell: unknown): number {
  const number =
    typeof cell === 'string' && /^\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(cell) ? Number(cell) : cell
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw new WrongCell(`${label} must be a number such as 4 or 1.5; "${shown(cell)}" is none.`)
}

const words: Record<string, boolean> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
}

function booleanIn(label: string, cell: unknown): boolean {
  const value =
    words[
      String(cell as string)
        .trim()
        .toLowerCase()
    ]
  if (value !== undefined) return value
  throw new WrongCell(`${label} must be true or false; "${shown(cell)}" is neither.`)
}

const dayMs = 24 * 3600 * 1000
/** Spreadsheets count the days from here. */
const dayZero = Date.UTC(1899, 11, 30)

function dateIn(label: string, cell: unknown): Date {
  const date =
    typeof cell === 'number'
      ? new Date(Math.round(dayZero + cell * dayMs))
      : /^\s*\d{4}-\d\d-\d\d/.test(String(cell as string))
        ? new Date(String(cell as string).trim())
        : null
  if (date && !Number.isNaN(date.getTime())) return date
  throw new WrongCell(
    `${label} must be a date such as 2026-01-31 or 2026-01-31T08:00:00Z; "${shown(cell)}" is none.`,
  )
}

function enumIn(label: string, values: Record<string, string>, cell: unknown): string {
  const word = textIn(label, cell)
    .toUpperCase()
    .replace(/[\s-]+/g, '_')
  const known = Object.values(values)
  if (known.includes(word)) return word
  throw new WrongCell(`${label} must be one of ${known.join(', ')}; "${shown(cell)}" is none.`)
}

function listIn(fact: Fact, cell: unknown): string[] {
  const list = jsonIn(fact.label, cell) ?? textIn(fact.label, cell).split(';')
  if (!Array.isArray(list)) throw new WrongCell(`${fact.label} must be texts with semicolons between them.`)
  return list.map((entry) => textIn(fact.label, entry)).filter(Boolean)
}

function itemsIn(fact: Fact, cell: unknown): object[] {
  const given = jsonIn(fact.label, cell)
  if (!given && areLabels(fact)) return labelsIn(fact, cell)
  if (!Array.isArray(given)) throw new WrongCell(`${fact.label} must be a list of objects in JSON.`)
  return given.map((item) => itemOf(fact, item))
}

/** What is JSON already, or a text that begins like it; null for any other text. */
function jsonIn(label: string, cell: unknown): unknown {
  if (typeof cell !== 'string') return cell
  const text = cell.trim()
  if (!/^[[{]/.test(text)) return null
  try {
    return JSON.parse(text)
  } catch {
    throw new WrongCell(`${label} begins like JSON, but is none.`)
  }
}

const labelsIn = (fact: Fact, cell: unknown): object[] =>
  textIn(fact.label, cell)
    .split(';')
    .filter((pair) => pair.trim())
    .map((pair) => {
      const [key, ...value] = pair.split('=')
      if (!value.length)
        throw new WrongCell(
          `${fact.label} must be written like key=value; other=value. "${shown(pair)}" has no "=".`,
        )
      return { key: key!.trim(), value: value.join('=').trim() }
    })

function itemOf(fact: Fact, item: unknown): object {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw new WrongCell(`Every entry of ${fact.label} must be an object.`)
  const fields = itemFieldsOf(fact)
  const strange = Object.keys(item).find((key) => !fields.some(({ name }) => name === key))
  if (strange !== undefined)
    throw new WrongCell(`An entry of ${fact.label} has an unknown field "${shown(strange)}".`)
  const given = item as Record<string, unknown>
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = given[field.name]
      if (value === undefined || value === null) {
        if (field.required) throw new WrongCell(`An entry of ${fact.label} lacks ${field.label}.`)
        return []
      }
      return [[field.name, itemValue(`${field.label} of ${fact.label}`, field, value)]]
    }),
  )
}

function itemValue(label: string, field: ItemField, value: unknown): unknown {
  switch (field.type) {
    case 'TEXT':
      if (typeof value !== 'string') throw new WrongCell(`${label} must be a text.`)
      return value
    case 'NUMBER':
      return numberIn(label, value)
    case 'BOOLEAN':
      return booleanIn(label, value)
    case 'DATE':
      return dateIn(label, value)
    case 'ENUM':
      return enumIn(label, field.values!, value)
  }
}
