import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { refreshSession } from '../../core/accounts/refresh.ts'
import { endSession, endSessionOf } from '../../core/accounts/sessions.ts'
import { signIn, type SignedIn as Begun } from '../../core/accounts/signIn.ts'
import { needsFirstAccount, signUp } from '../../core/accounts/signUp.ts'
import { User } from '../../core/accounts/user.ts'
import { getViewer } from '../../core/accounts/viewer.ts'
import { version } from '../../core/platform/version.ts'
import type { Visit } from '../context.ts'
import { registerNodes } from '../node.ts'
import { payload } from '../userErrors.ts'
import {
  Installation,
  SessionCreateInput,
  SessionDeletePayload,
  SignInPayload,
  UserSignUpInput,
} from './types.ts'

/** People see themselves. */
registerNodes(['User'], async (session, ids) => {
  const viewer = await getViewer(session)
  return viewer && ids.some((id) => id.equals(viewer._id)) ? [viewer] : []
})

@Resolver()
export class AccountsResolver {
  @Query(() => Installation, { description: 'What anybody may know about this installation.' })
  async installation(@Ctx() { core }: Visit): Promise<Installation> {
    const first = await needsFirstAccount(core)
    return { version, needsFirstAccount: first, signUpOpen: first || core.config.OPEN_SIGNUP }
  }

  @Query(() => User, { nullable: true, description: 'Who is signed in; null when nobody is.' })
  viewer(@Ctx() visit: Visit) {
    return getViewer(visit)
  }

  @Mutation(() => SignInPayload, {
    description:
      'Creates an account and signs in. The first one is the administrator; later ones need open sign-up.',
  })
  userSignUp(
    @Arg('input', () => UserSignUpInput, { description: 'The account.' }) input: UserSignUpInput,
    @Ctx() visit: Visit,
  ) {
    return begin(visit, () => signUp(visit.core, input, visit.address))
  }

  @Mutation(() => SignInPayload, { description: 'Signs in with address and password.' })
  sessionCreate(
    @Arg('input', () => SessionCreateInput, { description: 'Who signs in.' }) input: SessionCreateInput,
    @Ctx() visit: Visit,
  ) {
    return begin(visit, () => signIn(visit.core, input, visit.address))
  }

  @Mutation(() => SignInPayload, {
    description:
      'Uses the refresh cookie that signing in has set; answers a new access token, or null without a cookie.',
  })
  async sessionRefresh(@Ctx() visit: Visit) {
    if (!visit.refreshToken) return { userErrors: [] }
    const answer = await begin(visit, () => refreshSession(visit.core, visit.refreshToken!))
    if (answer.userErrors.length) visit.keepRefreshToken(null)
    return answer
  }

  @Mutation(() => SessionDeletePayload, {
    description: 'Signs out at once, everywhere this sign-in is in use: its tokens and its sockets end.',
  })
  async sessionDelete(@Ctx() visit: Visit) {
    if (visit.signIn) await endSession(visit.core, visit.signIn)
    if (visit.refreshToken) await endSessionOf(visit.core, visit.refreshToken)
    visit.keepRefreshToken(null)
    return { userErrors: [] }
  }
}

const begin = (visit: Visit, start: () => Promise<Begun>) =>
  payload(async () => {
    const { refreshToken, ...signedIn } = await start()
    visit.keepRefreshToken(refreshToken)
    return { signedIn }
  })
