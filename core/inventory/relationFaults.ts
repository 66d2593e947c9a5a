import { mayReach } from '../platform/access.ts'
import type { Fault } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import type { Asset } from './asset.ts'
import { fieldsOf } from './facts.ts'
import { assetTypeName } from './kinds.ts'
import { manyRelations, referenceRelations, RelationProperties } from './relationKinds.ts'

const maxText = 1_000

export interface NewRelation {
  kind: string
  from: string
  to: string
  properties?: RelationProperties | null
}

/** What keeps a relation from being added between two assets; absent ones are not visible to the actor. */
export function faultsOfNew(session: Session, one: NewRelation, from?: Asset, to?: Asset): Fault[] {
  const faults: Fault[] = []
  if (!from) faults.push(missing('from'))
  if (!to) faults.push(missing('to'))
  if (!from || !to) return faults
  const relation = manyRelations.find(
    ({ kind, from: sources, to: targets }) =>
      kind === one.kind && sources.includes(from.kind) && targets.includes(to.kind),
  )
  if (!relation) return [unfit(one.kind, from, to)]
  if (from._id.equals(to._id))
    return [{ code: 'CYCLE', field: ['to'], message: `${from.name} cannot be related to itself.` }]
  const retired = [from, to].find(({ retiredAt }) => retiredAt)
  if (retired)
    return [
      {
        code: 'INVALID',
        field: null,
        message: `${retired.name} is retired. Restore it before you relate it.`,
      },
    ]
  return [...faultsOfAuthor(session, from), ...faultsIn(one.kind, one.properties ?? {})]
}

const missing = (field: string): Fault => ({
  code: 'NOT_FOUND',
  field: [field],
  message: 'This asset does not exist, or you may not see it.',
})

/** What goes together, and where a relation of one to one is set instead. */
function unfit(kind: string, from: Asset, to: Asset): Fault {
  const reference = referenceRelations().find(
    (one) => one.kind === kind && one.from === from.kind && one.to === to.kind,
  )
  const [a, b] = [assetTypeName(from.kind), assetTypeName(to.kind)]
  if (reference)
    return {
      code: 'UNSUPPORTED',
      field: ['kind'],
      message: `A ${a} has one ${reference.fact} at most: set the field ${reference.fact} of ${from.name} instead.`,
    }
  const possible = manyRelations
    .filter((one) => one.from.includes(from.kind) && one.to.includes(to.kind))
    .map((one) => one.kind)
  return {
    code: 'INVALID',
    field: ['kind'],
    message: `${kind} does not lead from a ${a} to a ${b}.${possible.length ? ` Between these there is ${possible.join(', ')}.` : ''}`,
  }
}

/** Whoever may change the asset that a relation starts from may change the relation. */
export const faultsOfAuthor = (session: Session, from: Asset | undefined): Fault[] =>
  from && mayReach(session, from.access, 'WRITE')
    ? []
    : [
        {
          code: 'FORBIDDEN',
          field: null,
          message: `You may read ${from?.name ?? 'this'}, but not change what it is related to.`,
        },
      ]

/** What is wrong with the properties of a relation of this kind. */
export function faultsIn(kind: string, given: RelationProperties): Fault[] {
  const relation = manyRelations.find((one) => one.kind === kind)
  const fields = fieldsOf(RelationProperties)
  return Object.entries(plain(given)).flatMap(([name, value]): Fault[] => {
    const field = ['properties', name]
    const { label } = fields.find((one) => one.name === name)!
    if (!relation?.properties.includes(name as keyof RelationProperties))
      return [{ code: 'INVALID', field, message: `${kind} has no ${label.toLowerCase()}.` }]
    if (typeof value === 'string' && value.length > maxText)
      return [
        {
          code: 'TOO_LONG',
          field,
          message: `${label} is ${value.length} characters long; at most ${maxText} are possible.`,
        },
      ]
    if (
      name === 'port' &&
      !(Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535)
    )
      return [{ code: 'INVALID', field, message: 'A port is a whole number from 0 to 65535.' }]
    if (name === 'needed' && !(Number.isInteger(value) && (value as number) >= 1))
      return [{ code: 'INVALID', field, message: 'Needed is a whole number from 1 up.' }]
    return []
  })
}

/** Without what is absent or cleared. */
export const plain = (properties: object | null | undefined): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties ?? {}).filter(([, value]) => value !== undefined && value !== null),
  )
