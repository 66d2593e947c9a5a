import '../../core/entities.ts'
import { registerEnumType } from 'type-graphql'
import { manyRelations, referenceRelations } from '../../core/inventory/relationKinds.ts'

const described: Record<string, string> = {
  LOCATED_IN: 'Something is in a datacenter.',
  ATTACHED_TO: 'A volume is attached to a server.',
  TAKEN_FROM: 'A snapshot was taken from a volume.',
  BOOTED_FROM: 'A server started from an image.',
  SIZED_AS: 'A server was ordered in a size.',
  PART_OF: 'An application is part of a system, a piece of network of another one.',
}

const names = [
  ...new Set([...manyRelations.map(({ kind }) => kind), ...referenceRelations().map(({ kind }) => kind)]),
]

/** Every kind of relation, as an enum of the API. */
export const RelationKinds: Record<string, string> = Object.fromEntries(names.map((name) => [name, name]))
registerEnumType(RelationKinds, {
  name: 'RelationKind',
  description: 'How two assets hang together, read from the one it starts at.',
  valuesConfig: Object.fromEntries(
    names.map((name) => [
      name,
      { description: described[name] ?? manyRelations.find(({ kind }) => kind === name)!.description },
    ]),
  ),
})

export const RelationDirections = { FORWARD: 'FORWARD', BACKWARD: 'BACKWARD' } as const
registerEnumType(RelationDirections, {
  name: 'RelationDirection',
  description: 'From which end a relation is read.',
  valuesConfig: {
    FORWARD: { description: 'Relations that start at the asset.' },
    BACKWARD: { description: 'Relations that lead to the asset.' },
  },
})
