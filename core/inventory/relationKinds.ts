import { InputType, ObjectType, registerEnumType } from 'type-graphql'
import { Item } from './facts.ts'
import { allKinds } from './kinds.ts'

export enum Redundancy {
  ALL = 'ALL',
  ANY = 'ANY',
  N_OF_M = 'N_OF_M',
}
registerEnumType(Redundancy, {
  name: 'Redundancy',
  description: 'How many of the things that something depends on it needs to go on.',
  valuesConfig: {
    ALL: { description: 'It stops with the first of them.' },
    ANY: { description: 'It goes on as long as one of them does.' },
    N_OF_M: { description: 'It needs as many of them as `needed` says.' },
  },
})

const describe = 'What is known of a relation itself; each kind of relation has some of these.'

@ObjectType({ description: describe })
@InputType('RelationPropertiesInput', { description: describe })
export class RelationProperties {
  @Item({
    type: 'TEXT',
    suggest: 'PROTOCOL',
    label: 'Protocol',
    description: 'How they talk, such as https or amqp.',
  })
  protocol?: string

  @Item({ type: 'TEXT', label: 'Endpoint', description: 'Address that is used.' })
  endpoint?: string

  @Item({ type: 'NUMBER', label: 'Port', description: 'Port that is used.' })
  port?: number

  @Item({
    type: 'BOOLEAN',
    label: 'Entry',
    description: 'Whether the graph of the system begins at this application.',
  })
  entry?: boolean

  @Item({
    type: 'ENUM',
    values: Redundancy,
    label: 'Needs',
    description: 'How many of the things with this protocol are needed.',
  })
  redundancy?: Redundancy

  @Item({ type: 'NUMBER', label: 'Needed', description: 'How many, where the redundancy is N_OF_M.' })
  needed?: number

  @Item({
    type: 'TEXT',
    suggest: 'INSTANCE_ROLE',
    label: 'Role',
    description: 'Role of the application on this server, such as primary, replica or arbiter.',
  })
  role?: string

  @Item({ type: 'TEXT', label: 'Hostname', description: 'Name of the server for the application.' })
  hostname?: string

  @Item({ type: 'TEXT', label: 'Service', description: 'Installed service that it is.' })
  service?: string

  @Item({
    type: 'TEXT',
    suggest: 'DATA_GUARD_ROLE',
    label: 'Data Guard role',
    description: 'Primary, physical standby or logical standby.',
  })
  dataGuardRole?: string

  @Item({
    type: 'TEXT',
    suggest: 'ORACLE_STORAGE',
    label: 'Storage type',
    description: 'Default disk, ASM, ACFS or third party.',
  })
  storageType?: string

  @Item({ type: 'TEXT', label: 'Storage path', description: 'Disk, mount or ASM group that holds the data.' })
  storagePath?: string

  @Item({ type: 'TEXT', label: 'Notes', description: 'What else one has to know.' })
  notes?: string
}

type Property = keyof RelationProperties

/** One way in which assets hang together; a declaration from which both directions derive. */
export interface RelationKind {
  kind: string
  description: string
  from: string[]
  to: string[]
  properties: Property[]
  /** The field of the asset that it starts from, and of the one that it leads to. */
  forward: { field: string; description: string }
  backward: { field: string; description: string }
  /** Further fields: those relations alone whose property is true. */
  narrowed?: { property: Property; forward?: string; backward?: string }
}

/** Relations of many to many. Those that an asset has at most one of are facts of type REFERENCE. */
export const manyRelations: RelationKind[] = [
  {
    kind: 'RUNS_ON',
    description: 'An application runs on a server.',
    from: ['APP'],
    to: ['SERVER'],
    properties: ['role', 'hostname', 'service', 'dataGuardRole', 'storageType', 'storagePath', 'notes'],
    forward: { field: 'servers', description: 'On which it runs.' },
    backward: { field: 'apps', description: 'What runs on it.' },
  },
  {
    kind: 'DEPENDS_ON',
    description: 'An application needs another one.',
    from: ['APP'],
    to: ['APP'],
    properties: ['protocol', 'endpoint', 'port', 'redundancy', 'needed', 'notes'],
    forward: { field: 'dependencies', description: 'What it needs.' },
    backward: { field: 'dependents', description: 'What needs it.' },
  },
  {
    kind: 'TARGETS',
    description: 'A load balancer or broker passes on to an application or server.',
    from: ['APP'],
    to: ['APP', 'SERVER'],
    properties: ['protocol', 'endpoint', 'port', 'notes'],
    forward: { field: 'targets', description: 'To what it passes on.' },
    backward: { field: 'targetedBy', description: 'What passes on to it.' },
  },
  {
    kind: 'PART_OF',
    description: 'An application is part of a system.',
    from: ['APP'],
    to: ['SYSTEM'],
    properties: ['entry', 'notes'],
    forward: { field: 'systems', description: 'Of which it is a part.' },
    backward: { field: 'apps', description: 'Its parts.' },
    narrowed: { property: 'entry', backward: 'entryApps' },
  },
  {
    kind: 'SERVES',
    description: 'A system serves a client.',
    from: ['SYSTEM'],
    to: ['CLIENT'],
    properties: ['notes'],
    forward: { field: 'clients', description: 'Whom it serves.' },
    backward: { field: 'systems', description: 'What serves them.' },
  },
  {
    kind: 'CONNECTED_TO',
    description: 'Something is connected to a network.',
    from: ['SERVER', 'APP', 'VOLUME', 'NETWORK'],
    to: ['NETWORK'],
    properties: ['hostname', 'endpoint', 'notes'],
    forward: { field: 'connectedTo', description: 'Networks that it is connected to.' },
    backward: { field: 'connected', description: 'What is connected to it.' },
  },
]

/** Relations that are kept with a REFERENCE fact of the asset that they start from; their kind by name. */
export const referenceRelations = (): { kind: string; from: string; to: string; fact: string }[] =>
  allKinds().flatMap(({ kind, facts }) =>
    facts
      .filter((fact) => fact.type === 'REFERENCE')
      .map((fact) => ({ kind: fact.relation!, from: kind, to: fact.target!, fact: fact.name })),
  )

/** A direction in which one kind of asset is related to others: a field of the API, and what it reads. */
export interface Road {
  relation: RelationKind
  direction: 'FORWARD' | 'BACKWARD'
  field: string
  description: string
  /** Kinds at the other end. */
  kinds: string[]
  /** Only relations with this property set. */
  property?: Property
}

/** All roads that leave a kind. */
export function roadsOf(kind: string): Road[] {
  return manyRelations.flatMap((relation): Road[] => {
    const { narrowed } = relation
    const road = (direction: Road['direction'], property?: Property, field?: string): Road => {
      const end = direction === 'FORWARD' ? relation.forward : relation.backward
      return {
        relation,
        direction,
        field: field ?? end.field,
        description: end.description,
        kinds: direction === 'FORWARD' ? relation.to : relation.from,
        ...(property && { property }),
      }
    }
    return [
      ...(relation.from.includes(kind) ? [road('FORWARD')] : []),
      ...(relation.to.includes(kind) ? [road('BACKWARD')] : []),
      ...(relation.from.includes(kind) && narrowed?.forward
        ? [road('FORWARD', narrowed.property, narrowed.forward)]
        : []),
      ...(relation.to.includes(kind) && narrowed?.backward
        ? [road('BACKWARD', narrowed.property, narrowed.backward)]
        : []),
    ]
  })
}
