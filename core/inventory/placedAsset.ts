import { Entity } from '@mikro-orm/decorators/legacy'
import type { ObjectId } from 'mongodb'
import { InterfaceType } from 'type-graphql'
import { Asset } from './asset.ts'
import { Fact } from './facts.ts'
import { assetTypeName } from './kinds.ts'

/** An asset that is somewhere, and that a provider may know by an id of its own. */
@InterfaceType({
  description: 'An asset that is somewhere, and that a provider may know by an id of its own.',
  implements: Asset,
  resolveType: (asset: Asset) => assetTypeName(asset.kind),
})
@Entity({ abstract: true })
export abstract class PlacedAsset extends Asset {
  @Fact({
    type: 'REFERENCE',
    target: 'DATACENTER',
    relation: 'LOCATED_IN',
    label: 'Datacenter',
    description: 'Where it is.',
    group: 'Placement',
  })
  datacenter?: ObjectId

  @Fact({
    type: 'TEXT',
    suggest: 'REGION',
    facet: true,
    label: 'Region',
    description: "Provider's region.",
    group: 'Placement',
  })
  region?: string

  @Fact({
    type: 'TEXT',
    suggest: 'ZONE',
    facet: true,
    label: 'Zone',
    description: 'Availability zone.',
    group: 'Placement',
  })
  zone?: string

  @Fact({
    type: 'TEXT',
    identifying: true,
    label: 'Provider id',
    description: "Provider's own id or ARN.",
    group: 'Provider',
  })
  providerId?: string

  @Fact({
    type: 'TEXT',
    facet: true,
    writable: false,
    label: "Provider's status",
    description: "State in the provider's own words.",
    group: 'Provider',
  })
  providerStatus?: string
}
