import { Field, ObjectType } from 'type-graphql'
import { fieldsOf } from '../../core/inventory/facts.ts'
import { allKinds, type Kind } from '../../core/inventory/kinds.ts'
import { RelationProperties, type Road, roadsOf } from '../../core/inventory/relationKinds.ts'
import { AssetItemFieldInfo, itemFieldInfo } from './itemInfo.ts'
import { AssetKinds } from './kinds.ts'
import { RelationDirections, RelationKinds } from './relationKinds.ts'

@ObjectType({ description: 'A field of a kind that leads to related assets, page by page.' })
export class AssetRelationInfo {
  @Field(() => String, { description: 'Name of the field in the API.' })
  field!: string

  @Field(() => RelationKinds, { description: 'Which relation it follows.' })
  kind!: string

  @Field(() => RelationDirections, { description: 'In which direction.' })
  direction!: Road['direction']

  @Field(() => String, { description: 'What to call it on screen.' })
  label!: string

  @Field(() => String, { description: 'What is at its end, in a sentence.' })
  description!: string

  @Field(() => [AssetKinds], { description: 'Kinds at the other end.' })
  targets!: string[]

  @Field(() => [AssetItemFieldInfo], { description: 'What may be said of each relation.' })
  properties!: AssetItemFieldInfo[]

  @Field(() => String, {
    nullable: true,
    description: 'Only relations with this property set; those that another field has, too.',
  })
  only!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The REFERENCE field of the other end that says so; null for what relationsUpdate edits.',
  })
  reference!: string | null
}

/** Where one gets from an asset of the kind, along relations and against references. */
export const relationInfos = (kind: Kind): AssetRelationInfo[] => [
  ...roadsOf(kind.kind).map(roadInfo),
  ...allKinds().flatMap((other) => referringInfos(kind, other)),
]

const roadInfo = ({ relation, direction, field, description, kinds, property }: Road): AssetRelationInfo => ({
  field,
  kind: relation.kind,
  direction,
  label: spoken(field),
  description,
  targets: kinds,
  properties: relation.properties.map((name) =>
    itemFieldInfo(fieldsOf(RelationProperties).find((one) => one.name === name)!),
  ),
  only: property ?? null,
  reference: null,
})

const referringInfos = (kind: Kind, other: Kind): AssetRelationInfo[] =>
  other.facts
    .filter(({ type, target }) => type === 'REFERENCE' && target === kind.kind)
    .map((fact) => ({
      field: other.plural,
      kind: fact.relation!,
      direction: 'BACKWARD',
      label: spoken(other.plural),
      description: `The ${other.plural} whose ${fact.label.toLowerCase()} this is.`,
      targets: [other.kind],
      properties: [],
      only: null,
      reference: fact.name,
    }))

/** targetedBy → Targeted by. */
function spoken(field: string): string {
  const words = field.replace(/(?=[A-Z])/g, ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
