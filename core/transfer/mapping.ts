import type { Fact } from '../inventory/facts.ts'
import { factOf, type Kind } from '../inventory/kinds.ts'
import { fault } from '../platform/errors.ts'
import type { ImportColumn } from './import.ts'

/** What a header most likely means: a field by its name or label, whatever the case and punctuation. */
export function guessFields(kind: Kind, header: string[]): (string | null)[] {
  const known = new Map<string, string>()
  for (const fact of importable(kind)) known.set(folded(fact.label), fact.name)
  for (const name of ['id', 'version', ...importable(kind).map((fact) => fact.name)])
    known.set(folded(name), name)
  const taken = new Set<string>()
  return header.map((name) => {
    const field = known.get(folded(name)) ?? null
    if (!field || taken.has(field)) return null
    taken.add(field)
    return field
  })
}

const importable = (kind: Kind): Fact[] => kind.facts.filter((fact) => fact.writable)

const folded = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** The columns with other fields for some of them. @throws UserFault when a field does not exist or is used twice */
export function remapped(
  kind: Kind,
  columns: ImportColumn[],
  mapping: { header: string; field?: string | null }[],
): ImportColumn[] {
  for (const { header, field } of mapping) {
    if (!columns.some((column) => column.header === header))
      throw fault('NOT_FOUND', 'mapping', `The file has no column "${header.slice(0, 80)}".`)
    if (!field || field === 'id' || field === 'version') continue
    const fact = factOf(kind, field)
    if (!fact) throw fault('INVALID', 'mapping', `${kind.typeName} has no field "${field.slice(0, 80)}".`)
    if (!fact.writable)
      throw fault('INVALID', 'mapping', `${fact.label} is known by sources only; nobody enters it.`)
  }
  const wanted = new Map(mapping.map(({ header, field }) => [header, field ?? null]))
  const changed = columns.map((column) =>
    wanted.has(column.header) ? { ...column, field: wanted.get(column.header)! } : column,
  )
  const fields = changed.flatMap(({ field }) => field ?? [])
  const twice = fields.find((field, position) => fields.indexOf(field) < position)
  if (twice) throw fault('INVALID', 'mapping', `Two columns would go to ${twice}; choose one.`)
  return changed
}
