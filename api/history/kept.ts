import { Field, ObjectType } from 'type-graphql'
import type { Kept } from '../../core/history/records.ts'
import { Asset } from '../../core/inventory/asset.ts'
import type { Session } from '../../core/platform/session.ts'
import { assetsById } from '../byId.ts'

@ObjectType({ description: 'Something that an undo left as it was.' })
export class KeptChange {
  @Field(() => Asset, { description: 'The asset, or the one from which the relation starts.' })
  asset!: Asset

  @Field(() => String, { nullable: true, description: 'Set when it is a relation, e.g. RUNS_ON.' })
  relation!: string | null

  @Field(() => [String], { description: 'Names of the fields.' })
  fields!: string[]

  @Field(() => String, { description: 'Why, in a sentence.' })
  reason!: string
}

/** Those of assets that the session may see. */
export async function keptChanges(session: Session, kept: Kept[]): Promise<KeptChange[]> {
  const assets = await assetsById(session).loadMany(kept.map(({ asset }) => asset))
  return kept.flatMap((one, index) => {
    const asset = assets[index]
    return asset && !(asset instanceof Error) ? [{ ...one, asset }] : []
  })
}
