import { Entity } from '@mikro-orm/decorators/legacy'
import { InputType, ObjectType } from 'type-graphql'
import { Asset } from './asset.ts'
import { Fact, Item } from './facts.ts'
import { AssetKind } from './kinds.ts'

@ObjectType({ description: 'A useful address of a system.' })
@InputType('LinkInput', { description: 'A useful address of a system.' })
export class Link {
  @Item({
    type: 'TEXT',
    suggest: 'LINK_KIND',
    label: 'Kind',
    description: 'Such as public URL, admin or health check.',
  })
  kind?: string

  @Item({ type: 'TEXT', label: 'Address', description: 'The address.', required: true })
  url!: string

  @Item({ type: 'TEXT', label: 'Title', description: 'What it leads to.' })
  title?: string
}

@ObjectType({ description: 'A way to reach a client.' })
@InputType('ContactInput', { description: 'A way to reach a client.' })
export class Contact {
  @Item({
    type: 'TEXT',
    suggest: 'CONTACT_CHANNEL',
    label: 'Channel',
    description: 'Such as e-mail, Slack or phone.',
    required: true,
  })
  channel!: string

  @Item({ type: 'TEXT', label: 'Value', description: 'Address, name or number.', required: true })
  value!: string
}

@AssetKind({
  kind: 'SYSTEM',
  plural: 'systems',
  description: 'Applications that together do something for clients.',
})
@ObjectType({ implements: Asset, description: 'Applications that together do something for clients.' })
@Entity({ discriminatorValue: 'SYSTEM' })
export class System extends Asset {
  @Fact({
    type: 'OBJECTS',
    items: () => Link,
    label: 'Links',
    description: 'Useful addresses.',
    group: 'General',
  })
  links!: Link[]
}

@AssetKind({
  kind: 'CLIENT',
  plural: 'clients',
  description: 'Somebody whom systems serve: a customer, a department, a team.',
})
@ObjectType({
  implements: Asset,
  description: 'Somebody whom systems serve: a customer, a department, a team.',
})
@Entity({ discriminatorValue: 'CLIENT' })
export class Client extends Asset {
  @Fact({
    type: 'OBJECTS',
    items: () => Contact,
    label: 'Contacts',
    description: 'Ways to reach them.',
    group: 'General',
  })
  contacts!: Contact[]
}
