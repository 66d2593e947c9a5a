import { GraphQLJSON } from 'graphql-scalars'
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql'
import { Change, ChangeSet } from '../../core/history/records.ts'
import { Asset } from '../../core/inventory/asset.ts'
import { kindOf } from '../../core/inventory/kinds.ts'
import { findRelationsById } from '../../core/inventory/related.ts'
import type { Session } from '../../core/platform/session.ts'
import type { CallerSession } from '../../core/accounts/caller.ts'
import type { AccessEntry } from '../../core/platform/access.ts'
import { accessGrants } from '../accounts/accessGrants.ts'
import { assetsById, byId, changeSetsById } from '../byId.ts'
import { connectionType } from '../connection.ts'
import { apiValue, jsonOf, nameOf } from '../inventory/apiValue.ts'

const relationsById = byId('relations by id', findRelationsById)

export const ChangeConnection = connectionType(Change)

@ObjectType({ description: 'What one change did to one field.' })
export class FieldChange {
  @Field(() => String, { description: 'Name of the field.' })
  field!: string

  @Field(() => GraphQLJSON, { nullable: true, description: 'Value before; null when it had none.' })
  before!: unknown

  @Field(() => GraphQLJSON, { nullable: true, description: 'Value after; null when it was cleared.' })
  after!: unknown
}

@Resolver(() => Change)
export class ChangeResolver {
  @FieldResolver(() => Asset, {
    nullable: true,
    description: 'The asset that changed, or from which the relation starts.',
  })
  asset(@Root() change: Change, @Ctx() session: Session) {
    return assetsById(session).load(change.subject)
  }

  @FieldResolver(() => Asset, {
    nullable: true,
    description: 'The asset that the relation leads to; null for other changes, or when you may not see it.',
  })
  async relatedTo(@Root() { collection, record }: Change, @Ctx() session: Session) {
    const edge = collection === 'relations' && (await relationsById(session).load(record))
    return edge ? assetsById(session).load(edge.to) : null
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Set when the record is a relation, e.g. LOCATED_IN.',
  })
  relation(@Root() change: Change) {
    return change.collection === 'relations' ? change.recordKind : null
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether it stands for all that happened until then, which is no longer kept.',
  })
  snapshot(@Root() { snapshot }: Change) {
    return snapshot ?? false
  }

  @FieldResolver(() => [FieldChange], {
    description: 'What it did, field by field. References are told by the name that their target has now.',
  })
  fields(@Root() change: Change, @Ctx() session: Session): Promise<FieldChange[]> {
    return fieldChanges(session, change)
  }

  @FieldResolver(() => ChangeSet, { description: 'The intention that it was part of.' })
  changeSet(@Root() change: Change, @Ctx() session: Session) {
    return changeSetsById(session).load(change.set)
  }
}

type Told = Pick<Change, 'collection' | 'recordKind' | 'before' | 'after'>

/** What a change does or would do, field by field. */
export async function fieldChanges(session: Session, change: Told): Promise<FieldChange[]> {
  const fields = await Promise.all(
    shownFields(change).map(async ({ field, show }) => ({
      field,
      before: await show(session, change.before?.[field]),
      after: await show(session, change.after[field]),
    })),
  )
  return fields.filter(({ before, after }) => before !== null || after !== null)
}

type Show = (session: Session, value: unknown) => unknown

/** An access list as people read it: a name and a level in each line. */
const listed: Show = async (session, value) => {
  const grants = await accessGrants(session as CallerSession, (value ?? []) as AccessEntry[])
  return grants.map(
    ({ name, type, level }) => `${name ?? (type === 'TEAM' ? 'Another team' : 'Somebody else')}: ${level}`,
  )
}

const plainly: Show = (_session, value) => jsonOf(value)

/** What people may want to see of a record; the rest is machinery that follows from it. */
function shownFields({ collection, recordKind, before, after }: Told): { field: string; show: Show }[] {
  const shown: { field: string; show: Show }[] =
    collection === 'assets'
      ? [
          ...kindOf(recordKind).facts.map((fact) => ({
            field: fact.name,
            show: ((session, value) => apiValue(session, fact, value)) satisfies Show,
          })),
          { field: 'retiredAt', show: plainly },
          // Who may see a new thing is no change yet.
          ...(before ? [{ field: 'access', show: listed }] : []),
        ]
      : [
          { field: 'to', show: nameOf },
          { field: 'properties', show: plainly },
          { field: 'validFrom', show: plainly },
          { field: 'validTo', show: plainly },
        ]
  return shown.filter(({ field }) => field in after || (before && field in before))
}
