import type { ClassType } from 'type-graphql'
import { Asset } from './asset.ts'
import { factsOf } from './facts.ts'
import { type Kind, kindOf } from './kinds.ts'
import type { Road } from './relationKinds.ts'

const assetClass = Asset as unknown as ClassType<Asset>

/** Stands for all kinds at once, with the facts that every asset has. */
export const anyKind: Kind = {
  kind: 'ASSET',
  typeName: 'Asset',
  plural: 'assets',
  description: 'One thing in the inventory, of any kind.',
  assetClass,
  facts: factsOf(assetClass),
}

/** Kind of what a road leads to; all kinds where it leads to several. */
export const farKindOf = ({ kinds }: Road): Kind => (kinds.length === 1 ? kindOf(kinds[0]!) : anyKind)
