import { Entity } from '@mikro-orm/decorators/legacy'
import { InputType, ObjectType } from 'type-graphql'
import { Asset } from './asset.ts'
import { Fact, Item } from './facts.ts'
import { AssetKind } from './kinds.ts'
import { PlacedAsset } from './placedAsset.ts'

@ObjectType({ description: 'What an hour costs.' })
@InputType('PriceInput', { description: 'What an hour costs.' })
export class Price {
  @Item({ type: 'TEXT', label: 'Term', description: 'on-demand, reserved or spot.', required: true })
  term!: string

  @Item({ type: 'TEXT', label: 'System', description: 'Operating system that it includes.' })
  os?: string

  @Item({ type: 'TEXT', label: 'Licence', description: 'Licence that it includes.' })
  licence?: string

  @Item({ type: 'NUMBER', label: 'Per hour', description: 'Price of an hour.', required: true })
  perHour!: number

  @Item({ type: 'TEXT', label: 'Currency', description: 'ISO 4217, such as USD.' })
  currency?: string
}

@AssetKind({
  kind: 'FLAVOR',
  plural: 'flavors',
  description: 'A size in which a provider sells servers or services.',
})
@ObjectType({
  implements: [Asset, PlacedAsset],
  description: 'A size in which a provider sells servers or services.',
})
@Entity({ discriminatorValue: 'FLAVOR' })
export class Flavor extends PlacedAsset {
  @Fact({
    type: 'TEXT',
    identifying: true,
    label: 'Name in the API',
    description: "Provider's name of it, such as m7i.large.",
    group: 'Size',
  })
  apiName?: string

  @Fact({ type: 'TEXT', suggest: 'PROVIDER', label: 'Provider', description: 'Who sells it.', group: 'Size' })
  provider?: string

  @Fact({
    type: 'TEXT',
    label: 'Service',
    description: 'For what it is sold, such as EC2 or RDS.',
    group: 'Size',
  })
  service?: string

  @Fact({ type: 'NUMBER', unit: 'cores', label: 'CPU', description: 'Virtual processors.', group: 'Size' })
  vcpus?: number

  @Fact({ type: 'NUMBER', unit: 'GiB', label: 'Memory', description: 'Main memory.', group: 'Size' })
  memoryGiB?: number

  @Fact({ type: 'NUMBER', label: 'GPU', description: 'Graphics processors.', group: 'Size' })
  gpus?: number

  @Fact({ type: 'NUMBER', label: 'FPGA', description: 'Programmable gate arrays.', group: 'Size' })
  fpgas?: number

  @Fact({
    type: 'NUMBER',
    label: 'Compute units',
    description: "Provider's measure of speed.",
    group: 'Size',
  })
  computeUnits?: number

  @Fact({ type: 'TEXT', label: 'Processor', description: 'Model of the processor.', group: 'Size' })
  processor?: string

  @Fact({
    type: 'NUMBER',
    unit: 'GHz',
    label: 'Clock',
    description: 'Clock of the processor.',
    group: 'Size',
  })
  clockGHz?: number

  @Fact({
    type: 'LIST',
    suggest: 'ARCHITECTURE',
    label: 'Architectures',
    description: 'Processor architectures, such as arm64.',
    group: 'Size',
  })
  architectures!: string[]

  @Fact({ type: 'TEXT', label: 'Local storage', description: 'Disks that come with it.', group: 'Size' })
  localStorage?: string

  @Fact({ type: 'TEXT', label: 'Network', description: 'Network that it gets.', group: 'Size' })
  networkPerformance?: string

  @Fact({
    type: 'NUMBER',
    unit: 'Mbit/s',
    label: 'Storage bandwidth',
    description: 'Bandwidth to its disks.',
    group: 'Size',
  })
  storageMbps?: number

  @Fact({
    type: 'NUMBER',
    unit: 'operations per second',
    label: 'Storage IOPS',
    description: 'Operations to its disks.',
    group: 'Size',
  })
  storageIops?: number

  @Fact({ type: 'NUMBER', label: 'Addresses', description: 'How many addresses it can have.', group: 'Size' })
  maxAddresses?: number

  @Fact({ type: 'BOOLEAN', label: 'Public', description: 'Whether everybody may order it.', group: 'Size' })
  public?: boolean

  @Fact({
    type: 'OBJECTS',
    items: () => Price,
    label: 'Prices',
    description: 'What an hour costs.',
    group: 'Prices',
  })
  prices!: Price[]
}
