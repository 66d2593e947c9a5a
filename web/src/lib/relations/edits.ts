import type { UserErrors } from '#lib/client.ts'
import type { RelatedAssetFragment } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'
import type { Standing } from './documents.ts'
import { hasValue, type Properties, type PropertyInfo, type RelationFacts, type Road } from './roads.ts'

/** One edit that waits to be saved: a relation to add, to change or to end, with its properties as typed. */
export type Edit = {
  key: string
  act: 'add' | 'change' | 'remove'
  /** Name of the road that it is on. */
  road: string
  end: RelatedAssetFragment
  /** As it was last read; null for one to add. */
  relation: Pick<RelationFacts, 'id' | 'version' | 'properties'> | null
  values: Record<string, string>
  /** What somebody else has saved meanwhile, by property. */
  theirs: Properties
  /** Somebody else has ended it meanwhile. */
  ended: boolean
}

/** What is wrong, by the key of the edit and the property; the empty name stands for the edit as a whole. */
export type Faults = Record<string, Record<string, string>>

export const adding = (road: Road, end: RelatedAssetFragment): Edit => ({
  key: `${road.field} ${end.id}`,
  act: 'add',
  road: road.field,
  end,
  relation: null,
  values: {},
  theirs: {},
  ended: false,
})

export const changing = (road: Road, end: RelatedAssetFragment, relation: RelationFacts): Edit => ({
  ...adding(road, end),
  act: 'change',
  relation: { id: relation.id, version: relation.version, properties: relation.properties },
  values: typed(road, relation.properties),
})

const typed = (road: Road, properties: Properties): Record<string, string> =>
  Object.fromEntries(
    road.properties
      .filter(({ name }) => hasValue(properties[name]))
      .map(({ name }) => [name, String(properties[name])]),
  )

/** What is wrong with what was typed, before anything is sent. */
export function faultsIn(edits: Edit[], roads: Road[]): Faults {
  const faults: Faults = {}
  for (const edit of edits) {
    if (edit.act === 'remove') continue
    for (const field of propertiesOf(roads, edit)) {
      const text = edit.values[field.name]?.trim()
      if (field.type === 'NUMBER' && text && !Number.isFinite(Number(text)))
        (faults[edit.key] ??= {})[field.name] = messages.number(field.label)
    }
  }
  return faults
}

/** The edits that say something, as one input; those that others have ended are left out. */
export function toInput(asset: string, edits: Edit[], roads: Road[]) {
  const { add, change, remove } = sorted(edits)
  return {
    add: add.map((edit) => {
      const road = roads.find(({ field }) => field === edit.road)!
      const ends = road.direction === 'FORWARD' ? [asset, edit.end.id] : [edit.end.id, asset]
      return { kind: road.kind, from: ends[0]!, to: ends[1]!, properties: given(roads, edit) }
    }),
    change: change.map((edit) => ({ ...reference(edit), properties: given(roads, edit) })),
    remove: remove.map(reference),
  }
}

const sorted = (edits: Edit[]) => {
  const acts = (act: Edit['act']) => edits.filter((edit) => edit.act === act && !edit.ended)
  return { add: acts('add'), change: acts('change'), remove: acts('remove') }
}

const reference = ({ relation }: Edit) => ({ id: relation!.id, version: relation!.version })

/** Only what differs from what was read; an emptied property becomes null, which clears it. */
function given(roads: Road[], edit: Edit): Record<string, unknown> {
  const before = edit.relation?.properties ?? {}
  return Object.fromEntries(
    propertiesOf(roads, edit)
      .map((field) => [field.name, sent(field, edit.values[field.name]), before[field.name]] as const)
      .filter(([, value, was]) => value !== (hasValue(was) ? was : null))
      .map(([name, value]) => [name, value]),
  )
}

function sent({ type }: PropertyInfo, text: string | undefined): unknown {
  const clean = text?.trim()
  if (!clean) return null
  if (type === 'NUMBER') return Number(clean)
  return type === 'BOOLEAN' ? clean === 'true' || null : clean
}

const propertiesOf = (roads: Road[], edit: Edit): PropertyInfo[] =>
  roads.find(({ field }) => field === edit.road)?.properties ?? []

/** Where each error belongs; what belongs to no edit is answered in words. */
export function placed(userErrors: UserErrors, edits: Edit[], roads: Road[]) {
  const lists: Record<string, Edit[]> = sorted(edits)
  const faults: Faults = {}
  const others: string[] = []
  for (const { field, message } of userErrors) {
    const edit = lists[field?.[0] ?? '']?.[Number(field?.[1])]
    const name = edit && propertiesOf(roads, edit).find((each) => field?.includes(each.name))?.name
    if (edit) (faults[edit.key] ??= {})[name ?? ''] = message
    else others.push(message)
  }
  return { faults, problem: others.join(' ') }
}

/** The edit laid over the relation as it stands now: what was typed stays, and what others changed is told. */
export function rebased(edit: Edit, now: Standing | undefined, road: Road | undefined): Edit {
  if (!edit.relation) return edit
  if (!now || now.validTo) return { ...edit, ended: true }
  const { id, version, properties } = now
  if (version === edit.relation.version) return edit
  const theirs: Properties = {}
  const values = { ...edit.values }
  for (const { name } of road?.properties ?? []) {
    const before = edit.relation.properties[name]
    const after = properties[name] ?? null
    if ((hasValue(before) ? before : null) === (hasValue(after) ? after : null)) continue
    const untouched = (values[name] ?? '') === (hasValue(before) ? String(before) : '')
    if (untouched) values[name] = hasValue(after) ? String(after) : ''
    else theirs[name] = after
  }
  return { ...edit, relation: { id, version, properties }, values, theirs }
}
