import {
  ArgsType,
  type ClassType,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from 'type-graphql'
import type { Fields } from '../../core/history/records.ts'
import { ChangeSet } from '../../core/history/records.ts'
import type { Asset } from '../../core/inventory/asset.ts'
import type { AssetFilter } from '../../core/inventory/filter.ts'
import type { AssetOrder } from '../../core/inventory/find.ts'
import type { Kind } from '../../core/inventory/kinds.ts'
import { BothWaysArgs, connectionType, type ConnectionType } from '../connection.ts'
import { Payload } from '../userErrors.ts'
import { AppSpecInput } from './appSpec.ts'
import { inputTypeOf } from './factInput.ts'
import { addFacets } from './facets.ts'
import { filterOf } from './filters.ts'
import { constantOf, singularOf } from './kinds.ts'

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which way a list runs.',
  valuesConfig: {
    ASC: { description: 'From small to large, A to Z, old to new; what has no value first.' },
    DESC: { description: 'From large to small, Z to A, new to old; what has no value last.' },
  },
})

/** Arguments of a kind's lists. */
export interface ListArgs extends BothWaysArgs {
  filter?: AssetFilter | null
  orderBy?: AssetOrder[] | null
}

export type UpdateInput = Fields & { id: string; version: number }

/** What the API says about one kind; all of it derives from the kind's facts. */
export interface KindTypes {
  Connection: ConnectionType<Asset>
  Args: ClassType<ListArgs>
  CreateInput: ClassType<Fields>
  UpdateInput: ClassType<UpdateInput>
  Payload: ClassType<object>
}

const made = new Map<Kind, KindTypes>()

export function typesOf(kind: Kind): KindTypes {
  const known = made.get(kind)
  if (known) return known
  const types = {
    Connection: connectionType(kind.assetClass, kind.typeName),
    Args: argsOf(kind),
    CreateInput: inputOf(kind, 'Create') as ClassType<Fields>,
    UpdateInput: inputOf(kind, 'Update') as ClassType<UpdateInput>,
    Payload: payloadOf(kind),
  }
  addFacets(kind, types.Connection)
  made.set(kind, types)
  return types
}

/** Facts and dates that a list of the kind can be ordered by, by their name in the API. */
export const orderFieldsOf = (kind: Kind): Record<string, string> =>
  Object.fromEntries(
    [...kind.facts.filter((fact) => fact.sortable).map((fact) => fact.name), 'createdAt', 'updatedAt'].map(
      (field) => [constantOf(field), field],
    ),
  )

function argsOf(kind: Kind): ClassType<ListArgs> {
  const Filter = filterOf(kind)
  const OrderField = orderFieldsOf(kind)
  const describe = (field: string) =>
    kind.facts.find((fact) => fact.name === field)?.description ??
    (field === 'createdAt' ? 'When it came into the inventory.' : 'When it last changed in the inventory.')
  registerEnumType(OrderField, {
    name: `${kind.typeName}OrderField`,
    description: `What ${kind.plural} can be ordered by.`,
    valuesConfig: Object.fromEntries(
      Object.entries(OrderField).map(([name, field]) => [name, { description: describe(field) }]),
    ),
  })

  @InputType(`${kind.typeName}Order`, { description: `One step of an order of ${kind.plural}.` })
  class Order {
    @Field(() => OrderField, { description: 'What to order by.' })
    field!: string

    @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
    direction!: OrderDirection
  }

  @ArgsType()
  class Args extends BothWaysArgs {
    @Field(() => Filter, { nullable: true, description: 'Which ones; all live ones unless said otherwise.' })
    filter?: AssetFilter | null

    @Field(() => [Order], {
      nullable: true,
      description: 'Up to three steps; by name unless said otherwise.',
    })
    orderBy?: Order[] | null
  }
  return Args
}

/** The fields of a kind without a particular asset, for many of them. */
export const fieldsInputOf = (kind: Kind): ClassType<object> => inputOf(kind, 'Fields')

const aboutInput = {
  Create: (kind: Kind) => `A new ${singularOf(kind.typeName)}.`,
  Update: () => 'Absent = leave as it is, null = clear. What is given is declared: no crawl overwrites it.',
  Fields: (kind: Kind) => `Values for fields of ${kind.plural}. Absent = leave as it is, null = clear.`,
}

function inputOf(kind: Kind, purpose: keyof typeof aboutInput): ClassType<object> {
  const creating = purpose === 'Create'
  class Input {}
  if (purpose === 'Update') {
    Field(() => ID, { description: `Which ${singularOf(kind.typeName)}.` })(Input.prototype, 'id')
    Field(() => Int, { description: 'The version that you have seen.' })(Input.prototype, 'version')
  }
  for (const fact of kind.facts) {
    if (!fact.writable || fact.spec) continue
    const nullable = !(creating && fact.required && fact.type !== 'ENUM')
    const description = fact.unit ? `${fact.description} In ${fact.unit}.` : fact.description
    Field(inputTypeOf(fact), { nullable, description })(Input.prototype, fact.name)
  }
  if (kind.kind === 'APP')
    Field(() => AppSpecInput, {
      nullable: true,
      description: 'How it is set up, in the form of its family; fields that are absent stay as they are.',
    })(Input.prototype, 'spec')
  InputType(`${kind.typeName}${purpose}Input`, { description: aboutInput[purpose](kind) })(Input)
  return Input
}

function payloadOf(kind: Kind): ClassType<object> {
  const singular = singularOf(kind.typeName)
  @ObjectType(`${kind.typeName}Payload`, { description: `Answer to a change of a ${singular}.` })
  class KindPayload extends Payload {
    @Field(() => ChangeSet, {
      nullable: true,
      description: 'What was written into history; null when nothing differed.',
    })
    changeSet?: ChangeSet | null
  }
  Field(() => kind.assetClass, {
    nullable: true,
    description: `The ${singular} as it is now; null when it was not accepted.`,
  })(KindPayload.prototype, singular)
  return KindPayload
}
