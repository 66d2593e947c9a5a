import { fault } from '../platform/errors.ts'
import type { Fact } from '../inventory/facts.ts'
import { factOf, type Kind } from '../inventory/kinds.ts'

/** One column of a file: a fact, or something that every record has. */
export interface Column {
  name: string
  fact: Fact | null
}

/** What every record has besides its facts; the first two are in every export unless columns are chosen. */
export const recordColumns = ['id', 'version', 'createdAt', 'updatedAt', 'retiredAt'] as const

const maxColumns = 500

/** The columns of an export: those that are named, else all facts with id and version. */
export function columnsOf(kind: Kind, names?: string[] | null): Column[] {
  const chosen = names?.length ? names : ['id', 'version', ...kind.facts.map((fact) => fact.name)]
  if (chosen.length > maxColumns)
    throw fault('LIMIT_REACHED', 'columns', `A file may have ${maxColumns} columns.`)
  const twice = chosen.find((name, position) => chosen.indexOf(name) < position)
  if (twice) throw fault('INVALID', 'columns', `The column "${twice}" is named twice.`)
  return chosen.map((name) => {
    const fact = factOf(kind, name) ?? null
    if (!fact && !recordColumns.some((one) => one === name))
      throw fault('INVALID', 'columns', `${kind.typeName} has no field "${name.slice(0, 80)}".`)
    return { name, fact }
  })
}
