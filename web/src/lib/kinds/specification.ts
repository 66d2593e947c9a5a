import type { AssetFieldInfo, KindInfo } from '#lib/assets/kinds.svelte.ts'

/** The form of a family; databases of an unknown engine take the general one. Undefined for kinds without families. */
export function specOf(info: KindInfo, family: unknown, engine: unknown) {
  return info.specs.find(
    (spec) => spec.family === family && (!spec.engine || spec.engine === (engine || 'OTHER')),
  )
}

/** The fields that one of this family has; those of other families' specifications are left out. */
export function fieldsFor(info: KindInfo, asset: Record<string, unknown>): AssetFieldInfo[] {
  if (!info.specs.length) return info.fields
  const spec = specOf(info, asset.family, asset.databaseEngine)
  const fits = (field: AssetFieldInfo) =>
    field.spec ? spec?.fields.includes(field.name) : (ONLY[field.name] ?? asset.family) === asset.family
  const own = info.fields.filter((field) => fits(field) && !field.spec)
  const ordered = (spec?.fields ?? []).flatMap(
    (name) => info.fields.find((field) => field.spec && field.name === name) ?? [],
  )
  return [...own, ...ordered]
}

/** Fields beside the specification that make sense for one family alone. */
const ONLY: Record<string, string> = { databaseEngine: 'DATABASE', role: 'APPLICATION' }

/** An input of the API: what belongs to the specification is put into the form that fits the family. */
export function toApi(
  info: KindInfo,
  asset: Record<string, unknown>,
  changes: Record<string, unknown>,
): Record<string, unknown> {
  const now = { ...asset, ...changes }
  const form = specOf(info, now.family, now.databaseEngine)?.form
  const spec: Record<string, unknown> = {}
  const input: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(changes)) {
    const inside = info.fields.find((field) => field.name === name)?.spec
    if (inside) spec[name] = value
    else input[name] = value
  }
  return form && Object.keys(spec).length ? { ...input, spec: { [form]: spec } } : input
}
