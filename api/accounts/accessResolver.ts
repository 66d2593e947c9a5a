import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { findPrincipals } from '../../core/accounts/principals.ts'
import { updateAccess } from '../../core/accounts/share.ts'
import { changeSetsById } from '../byId.ts'
import { checkFirst } from '../checkFirst.ts'
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
      const { changeSet } = await updateAccess(session, input)
      return { changeSet: changeSet && (await changeSetsById(session).load(changeSet)) }
    })
  }
}
