import { allKinds } from '../../core/inventory/kinds.ts'
import { AppSpecResolver } from './appSpec.ts'
import { AssetFieldsResolver } from './assetFields.ts'
import { BulkResolver } from './bulkResolver.ts'
import { DatacenterFieldsResolver } from './datacenterFields.ts'
import { roadResolvers } from './roads.ts'
import { DuplicatesResolver } from './duplicates.ts'
import { kindResolver } from './kindResolver.ts'
import { referenceResolvers } from './references.ts'
import { AssetsResolver } from './assets.ts'
import { NewsResolver } from './newsResolver.ts'
import { AssetRelationsResolver, RelationFieldsResolver } from './relations.ts'
import { RelationsUpdateResolver } from './relationsUpdate.ts'
import { InventoryResolver } from './resolver.ts'

/** All of the inventory: what every asset has, and what derives from each kind. */
export const inventoryResolvers = [
  AssetFieldsResolver,
  AppSpecResolver,
  BulkResolver,
  DatacenterFieldsResolver,
  DuplicatesResolver,
  InventoryResolver,
  NewsResolver,
  RelationFieldsResolver,
  AssetRelationsResolver,
  RelationsUpdateResolver,
  AssetsResolver,
  ...allKinds().flatMap((kind) => [kindResolver(kind), ...referenceResolvers(kind), ...roadResolvers(kind)]),
]
