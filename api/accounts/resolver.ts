import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { refreshSession } from '../../core/accounts/refresh.ts'
import { endSession, endSessionOf } from '../../core/accounts/sessions.ts'
import { signIn, type SignedIn as Begun } from '../../core/accounts/signIn.ts'
import { needsFirstAccount, signUp } from '../../core/accounts/signUp.ts'
import { User } from '../../core/accounts/user.ts'
import { getViewer } from '../../core/accounts/viewer.ts'
import { version } from '../../core/platform/version.ts'
import { type Visit, visitorOf } from '../context.ts'
import { Door } from '../doors.ts'
import { payload } from '../userErrors.ts'
import { DonePayload, Installation, SessionCreateInput, SignInPayload, UserSignUpInput } from './types.ts'

@Resolver()
export class AccountsResolver {
  @Door('ANYBODY')
  @Query(() => Installation, { description: 'What anybody may know about this installation.' })
  async installation(@Ctx() { core }: Visit): Promise<Installation> {
    const first = await needsFirstAccount(core)
    const { OPEN_SIGNUP, PASSWORD_SIGN_IN, OIDC_ISSUER, OIDC_NAME, THEME } = core.config
    return {
      version,
      needsFirstAccount: first,
      signUpOpen: PASSWORD_SIGN_IN && (first || OPEN_SIGNUP),
      passwordSignIn: PASSWORD_SIGN_IN,
      singleSignOn: OIDC_ISSUER ? OIDC_NAME : null,
      theme: THEME,
    }
  }

  @Door('ANYBODY')
  @Query(() => User, {
    nullable: true,
    description: "Who is signed in, or whose token this is; null when nobody is, and for a team's token.",
  })
  viewer(@Ctx() visit: Visit) {
    return getViewer(visit)
  }

  @Door('ANYBODY')
  @Mutation(() => SignInPayload, {
    description:
      'Creates an account and signs in. The first one is the administrator; later ones need an invitation or open sign-up.',
  })
  userSignUp(
    @Arg('input', () => UserSignUpInput, { description: 'The account.' }) input: UserSignUpInput,
    @Ctx() visit: Visit,
  ) {
    return begin(visit, () => signUp(visit.core, input, visitorOf(visit)))
  }

  @Door('ANYBODY')
  @Mutation(() => SignInPayload, {
    description: 'Signs in with address and password, and a code where one is needed.',
  })
  sessionCreate(
    @Arg('input', () => SessionCreateInput, { description: 'Who signs in.' }) input: SessionCreateInput,
    @Ctx() visit: Visit,
  ) {
    return begin(visit, () => signIn(visit.core, input, visitorOf(visit)))
  }

  @Door('ANYBODY')
  @Mutation(() => SignInPayload, {
    description:
      'Uses the refresh cookie that signing in has set; answers a new access token, or null without a cookie.',
  })
  async sessionRefresh(@Ctx() visit: Visit) {
    if (!visit.refreshToken) return { userErrors: [], secondFactorNeeded: false }
    const answer = await begin(visit, () => refreshSession(visit.core, visit.refreshToken!, visitorOf(visit)))
    if (answer.userErrors.length) visit.keepRefreshToken(null)
    return answer
  }

  @Door('ANYBODY')
  @Mutation(() => DonePayload, {
    description: 'Signs out at once, everywhere this sign-in is in use: its tokens and its sockets end.',
  })
  async sessionDelete(@Ctx() visit: Visit) {
    if (visit.caller?.signIn) await endSession(visit.core, visit.caller.signIn)
    if (visit.refreshToken) await endSessionOf(visit.core, visit.refreshToken)
    visit.keepRefreshToken(null)
    return { userErrors: [] }
  }
}

const begin = async (visit: Visit, start: () => Promise<Begun | null>) => {
  let secondFactorNeeded = false
  const answer = await payload(async () => {
    const begun = await start()
    secondFactorNeeded = !begun
    if (!begun) return { signedIn: null }
    const { refreshToken, ...signedIn } = begun
    visit.keepRefreshToken(refreshToken)
    return { signedIn }
  })
  return { ...answer, secondFactorNeeded }
}
