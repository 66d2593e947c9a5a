import { Arg, Args, type ClassType, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { Fields } from '../../core/history/records.ts'
import { lookingBack } from '../../core/inventory/asOf.ts'
import { createAsset, type Edit, updateAsset } from '../../core/inventory/edit.ts'
import { findAssets, getAsset } from '../../core/inventory/find.ts'
import type { Kind } from '../../core/inventory/kinds.ts'
import type { Session } from '../../core/platform/session.ts'
import { payload } from '../userErrors.ts'
import { asOfOfList, asOfOfOne } from './asOf.ts'
import { flattened } from './appSpec.ts'
import { singularOf } from './kinds.ts'
import { type ListArgs, typesOf, type UpdateInput } from './kindTypes.ts'

/** Lists, finds, creates and updates the assets of one kind: `servers`, `server`, `serverCreate`, `serverUpdate`. */
export function kindResolver(kind: Kind): ClassType<object> {
  const types = typesOf(kind)
  const singular = singularOf(kind.typeName)
  const edited = (edit: () => Promise<Edit>) =>
    payload(async () => {
      const { asset, changeSet } = await edit()
      return { [singular]: asset, changeSet }
    })

  @Resolver()
  class KindResolver {
    @Query(() => types.Connection, {
      name: kind.plural,
      description: `The ${kind.plural} that fit, a page at a time; by name unless said otherwise.`,
    })
    async list(
      @Args(() => types.Args) args: ListArgs,
      @Arg('asOf', () => Date, asOfOfList) asOf: Date | null | undefined,
      @Ctx() session: Session,
    ) {
      return types.Connection.from(await findAssets(lookingBack(session, asOf), kind, args))
    }

    @Query(() => kind.assetClass, { name: singular, nullable: true, description: kind.description })
    one(
      @Arg('id', () => ID, { description: `Id of the ${singular}.` }) id: string,
      @Arg('asOf', () => Date, asOfOfOne) asOf: Date | null | undefined,
      @Ctx() session: Session,
    ) {
      return getAsset(lookingBack(session, asOf), id, kind)
    }

    @Mutation(() => types.Payload, {
      name: `${singular}Create`,
      description: `Adds a ${singular} that no source reports, or not yet.`,
    })
    create(
      @Arg('input', () => types.CreateInput, { description: `The ${singular}.` }) input: Fields,
      @Ctx() session: Session,
    ) {
      return edited(() => createAsset(session, kind, flattened(input)))
    }

    @Mutation(() => types.Payload, {
      name: `${singular}Update`,
      description: `Declares fields of a ${singular}. Fields that somebody else changed since your version are a CONFLICT.`,
    })
    update(
      @Arg('input', () => types.UpdateInput, { description: 'The fields to change.' }) input: UpdateInput,
      @Ctx() session: Session,
    ) {
      const { id, version, ...facts } = input
      return edited(() => updateAsset(session, kind, { id, version }, flattened(facts)))
    }
  }
  return KindResolver
}
