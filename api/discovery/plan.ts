import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { PlannedChange } from '../../core/discovery/plan.ts'
import { Asset } from '../../core/inventory/asset.ts'
import type { Session } from '../../core/platform/session.ts'
import { assetsById } from '../byId.ts'
import { connectionType } from '../connection.ts'
import { FieldChange, fieldChanges } from '../history/changes.ts'
import { AssetKinds } from '../inventory/kinds.ts'

export const PlannedChangeConnection = connectionType(PlannedChange)

@Resolver(() => PlannedChange)
export class PlannedChangesResolver {
  @FieldResolver(() => AssetKinds, { nullable: true, description: 'Kind of the asset; null for a relation.' })
  kind(@Root() { collection, recordKind }: PlannedChange) {
    return collection === 'assets' ? recordKind : null
  }

  @FieldResolver(() => String, { nullable: true, description: 'Set when it is a relation, e.g. RUNS_ON.' })
  relation(@Root() { collection, recordKind }: PlannedChange) {
    return collection === 'relations' ? recordKind : null
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Name of the asset, or of the one from which the relation starts; null where that is not there yet.',
  })
  async name(@Root() change: PlannedChange, @Ctx() session: Session) {
    const own = change.collection === 'assets' ? (change.after.name as string | undefined) : undefined
    return own ?? (await assetsById(session).load(change.subject))?.name ?? null
  }

  @FieldResolver(() => Asset, {
    nullable: true,
    description: 'The asset, or the one from which the relation starts; null where it is not there yet.',
  })
  asset(@Root() { subject }: PlannedChange, @Ctx() session: Session) {
    return assetsById(session).load(subject)
  }

  @FieldResolver(() => [FieldChange], { description: 'What it would do, field by field.' })
  fields(@Root() change: PlannedChange, @Ctx() session: Session): Promise<FieldChange[]> {
    return fieldChanges(session, change)
  }
}
