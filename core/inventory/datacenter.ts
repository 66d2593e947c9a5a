import { Entity } from '@mikro-orm/decorators/legacy'
import { ObjectType } from 'type-graphql'
import { Asset } from './asset.ts'
import { Fact } from './facts.ts'
import { AssetKind } from './kinds.ts'

@AssetKind({
  kind: 'DATACENTER',
  plural: 'datacenters',
  description: 'A place where things run: an account of a cloud, a provider, or rooms of your own.',
})
@ObjectType({
  implements: Asset,
  description: 'A place where things run: an account of a cloud, a provider, or rooms of your own.',
})
@Entity({ discriminatorValue: 'DATACENTER' })
export class Datacenter extends Asset {
  @Fact({
    type: 'TEXT',
    suggest: 'PROVIDER',
    facet: true,
    label: 'Provider',
    description: 'Whose it is, such as AWS or own.',
    group: 'Placement',
    required: true,
    maxLength: 100,
  })
  provider!: string

  @Fact({
    type: 'LIST',
    suggest: 'REGION',
    label: 'Regions',
    description: 'Regions in use.',
    group: 'Placement',
  })
  regions!: string[]

  @Fact({
    type: 'LIST',
    suggest: 'ZONE',
    label: 'Zones',
    description: 'Availability zones in use.',
    group: 'Placement',
  })
  zones!: string[]
}
