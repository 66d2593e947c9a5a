import { InputType, ObjectType } from 'type-graphql'
import { Item } from './facts.ts'

@ObjectType({ description: 'A port on which a load balancer takes requests.' })
@InputType('ListenerInput', { description: 'A port on which a load balancer takes requests.' })
export class Listener {
  @Item({ type: 'TEXT', suggest: 'PROTOCOL', label: 'Protocol', description: 'Such as HTTPS.' })
  protocol?: string

  @Item({ type: 'NUMBER', label: 'Port', description: 'On which it listens.' })
  port?: number

  @Item({ type: 'NUMBER', label: 'Target port', description: 'To which it passes on.' })
  targetPort?: number

  @Item({ type: 'TEXT', label: 'Certificate', description: 'Name or id of the certificate.' })
  certificate?: string
}

@ObjectType({ description: 'A disk group of Oracle ASM.' })
@InputType('AsmGroupInput', { description: 'A disk group of Oracle ASM.' })
export class AsmGroup {
  @Item({ type: 'TEXT', label: 'Name', description: 'Name of the group.', required: true })
  name!: string

  @Item({ type: 'NUMBER', label: 'Size', description: 'Its size.', unit: 'GiB' })
  sizeGiB?: number
}

@ObjectType({ description: 'A pluggable database within an Oracle container.' })
@InputType('PluggableDatabaseInput', { description: 'A pluggable database within an Oracle container.' })
export class PluggableDatabase {
  @Item({ type: 'TEXT', label: 'Name', description: 'Name of the database.', required: true })
  name!: string
}

@ObjectType({ description: 'One node of a cache.' })
@InputType('CacheNodeInput', { description: 'One node of a cache.' })
export class CacheNode {
  @Item({ type: 'TEXT', label: 'Name', description: 'Name or id of the node.', required: true })
  name!: string

  @Item({ type: 'TEXT', label: 'Endpoint', description: 'Where it is reached.' })
  endpoint?: string

  @Item({ type: 'NUMBER', label: 'Port', description: 'Its port.' })
  port?: number

  @Item({ type: 'TEXT', suggest: 'ZONE', label: 'Zone', description: 'Availability zone.' })
  zone?: string

  @Item({ type: 'TEXT', suggest: 'INSTANCE_ROLE', label: 'Role', description: 'Such as primary or replica.' })
  role?: string
}

@ObjectType({ description: 'How a CDN treats a part of the content.' })
@InputType('CacheBehaviorInput', { description: 'How a CDN treats a part of the content.' })
export class CacheBehavior {
  @Item({
    type: 'TEXT',
    label: 'Path',
    description: 'Pattern of the paths, such as /images/*.',
    required: true,
  })
  path!: string

  @Item({ type: 'TEXT', label: 'Origin', description: 'Where the content comes from.' })
  origin?: string

  @Item({ type: 'NUMBER', label: 'Time to live', description: 'How long a copy is kept.', unit: 'seconds' })
  ttlSeconds?: number

  @Item({ type: 'TEXT', label: 'Protocol', description: 'What readers may use, such as https-only.' })
  viewerProtocol?: string
}

@ObjectType({ description: 'A queue or topic of a broker.' })
@InputType('QueueInput', { description: 'A queue or topic of a broker.' })
export class Queue {
  @Item({ type: 'TEXT', label: 'Name', description: 'Name of the queue.', required: true })
  name!: string

  @Item({ type: 'TEXT', label: 'Address', description: 'Where it is reached.' })
  url?: string
}

@ObjectType({ description: 'A way by which an application is brought into service.' })
@InputType('DeploymentInput', { description: 'A way by which an application is brought into service.' })
export class Deployment {
  @Item({ type: 'TEXT', suggest: 'DEPLOYMENT', label: 'Type', description: 'Such as Git, CI, CD, FTP.' })
  type?: string

  @Item({ type: 'TEXT', suggest: 'PRODUCT', label: 'Provider', description: 'Such as GitLab.' })
  provider?: string

  @Item({ type: 'TEXT', label: 'Notes', description: 'What one has to know.' })
  notes?: string
}
