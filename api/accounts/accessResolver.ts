import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { findPrincipals } from '../../core/accounts/principals.ts'
import { type AccessChange, updateAccess } from '../../core/accounts/share.ts'
import { changeMany, maxInline } from '../../core/bulk/changeMany.ts'
import { readChoice } from '../../core/inventory/choice.ts'
import { changeSetsById } from '../byId.ts'
import { checkFirst } from '../checkFirst.ts'
import { filterIn } from '../inventory/choiceInput.ts'
import { payload } from '../userErrors.ts'
import { foundPrincipal } from './accessGrants.ts'
import { AccessUpdateInput, AccessUpdatePayload, PrincipalInfo } from './accessTypes.ts'

@Resolver()
export class AccessResolver {
  @Query(() => [PrincipalInfo], {
    description:
      'Whom you may put on an access list: your teams and the people in them; for administrators everybody. Teams first.',
  })
  async principals(
    @Arg('text', () => String, { nullable: true, description: 'What was typed so far of a name or address.' })
    text: string | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: 10,
      description: 'How many to answer; 100 at most.',
    })
    first: number | null,
    @Ctx() session: CallerSession,
  ) {
    const found = await findPrincipals(session, text, checkFirst(first))
    return found.map((one) => foundPrincipal(session, one))
  }

  @Mutation(() => AccessUpdatePayload, {
    description:
      'Changes who may see and change things, one or many. Needs the level ADMIN on each; one ADMIN always stays.',
  })
  accessUpdate(
    @Arg('input', () => AccessUpdateInput, { description: 'Which things, and for whom.' })
    input: AccessUpdateInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => {
      const { ids, filter, ...change } = input
      if (!filter && (ids?.length ?? 0) <= maxInline) {
        const { changeSet } = await updateAccess(session, { ids: ids ?? [], ...change })
        return { changeSet: changeSet && (await changeSetsById(session).load(changeSet)) }
      }
      const named = ids?.map((id) => ({ id }))
      return changeMany(session, 'share', {
        choice: readChoice('ids', named, filterIn(filter)),
        change: plainChange(change),
      })
    })
  }
}

/** In the form in which it can be stored. */
const plainChange = ({ set, remove }: AccessChange): AccessChange => ({
  set: set?.map(({ principal, level }) => ({ principal, level })) ?? [],
  remove: remove ?? [],
})
