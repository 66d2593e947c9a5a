import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { AuthSession } from '../../core/accounts/authSession.ts'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { confirmEmailChange, requestEmailChange } from '../../core/accounts/emailChange.ts'
import { changePassword, requestPasswordReset, resetPassword } from '../../core/accounts/passwords.ts'
import { updateProfile } from '../../core/accounts/profile.ts'
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
} from '../../core/accounts/secondFactor.ts'
import { endSignIn, endSignIns, findSignIns } from '../../core/accounts/sessions.ts'
import { type Visit, visitorOf } from '../context.ts'
import { Door } from '../doors.ts'
import { payload } from '../userErrors.ts'
import {
  EmailChangeConfirmInput,
  EmailChangeRequestInput,
  PasswordChangeInput,
  PasswordResetInput,
  PasswordResetRequestInput,
  ProfileUpdateInput,
  RecoveryCodesPayload,
  SecondFactorBeginInput,
  SecondFactorBeginPayload,
  SecondFactorConfirmInput,
  SecondFactorProofInput,
  SignInEndInput,
  SignInsEndInput,
  SignInsEndPayload,
  UserPayload,
} from './profileTypes.ts'
import { DonePayload } from './types.ts'

const done = (work: () => Promise<unknown>) =>
  payload(async () => {
    await work()
    return {}
  })

/** What people do with their own account. */
@Resolver(() => AuthSession)
export class ProfileResolver {
  @Door('PERSON')
  @Query(() => [AuthSession], { description: 'Where you are signed in, last used first.' })
  signIns(
    @Arg('user', () => ID, {
      nullable: true,
      description: 'Whose, for administrators; your own unless given.',
    })
    user: string | null | undefined,
    @Ctx() session: CallerSession,
  ) {
    return findSignIns(session, user)
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is the one in which you ask.' })
  current(@Root() { _id }: AuthSession, @Ctx() { caller }: CallerSession) {
    return caller.signIn?.equals(_id) ?? false
  }

  @Door('PERSON')
  @Mutation(() => DonePayload, { description: 'Ends a sign-in at once: its tokens and its sockets.' })
  signInEnd(
    @Arg('input', () => SignInEndInput, { description: 'Which.' }) { id }: SignInEndInput,
    @Ctx() session: CallerSession,
  ) {
    return done(() => endSignIn(session, id))
  }

  @Door('PERSON')
  @Mutation(() => SignInsEndPayload, { description: 'Signs out everywhere at once.' })
  signInsEnd(
    @Arg('input', () => SignInsEndInput, { description: 'Whose.' }) input: SignInsEndInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ ended: await endSignIns(session, input) }))
  }

  @Door('PERSON')
  @Mutation(() => UserPayload, { description: 'Changes what you tell about yourself.' })
  profileUpdate(
    @Arg('input', () => ProfileUpdateInput, { description: 'The changes.' }) input: ProfileUpdateInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ user: await updateProfile(session, input) }))
  }

  @Door('PERSON')
  @Mutation(() => DonePayload, { description: 'Changes your password, and signs you out everywhere else.' })
  passwordChange(
    @Arg('input', () => PasswordChangeInput, { description: 'Both passwords.' }) input: PasswordChangeInput,
    @Ctx() session: CallerSession,
  ) {
    return done(() => changePassword(session, input))
  }

  @Door('ANYBODY')
  @Mutation(() => DonePayload, {
    description:
      'Mails a link to choose a new password. The answer is the same whether there is such an account.',
  })
  passwordResetRequest(
    @Arg('input', () => PasswordResetRequestInput, { description: 'Whose.' })
    input: PasswordResetRequestInput,
    @Ctx() visit: Visit,
  ) {
    return done(() => requestPasswordReset(visit.core, input, visitorOf(visit)))
  }

  @Door('ANYBODY')
  @Mutation(() => DonePayload, {
    description:
      'Sets a new password by the link of a mail, which is good once and for 30 minutes, and signs out everywhere.',
  })
  passwordReset(
    @Arg('input', () => PasswordResetInput, { description: 'Link and password.' }) input: PasswordResetInput,
    @Ctx() visit: Visit,
  ) {
    return done(() => resetPassword(visit.core, input, visitorOf(visit)))
  }

  @Door('PERSON')
  @Mutation(() => DonePayload, {
    description: 'Mails a link to a new address; it becomes yours when the link is followed.',
  })
  emailChangeRequest(
    @Arg('input', () => EmailChangeRequestInput, { description: 'The new address.' })
    input: EmailChangeRequestInput,
    @Ctx() session: CallerSession,
  ) {
    return done(() => requestEmailChange(session, input))
  }

  @Door('ANYBODY')
  @Mutation(() => DonePayload, {
    description: 'Makes a new address the one to sign in with, by the link that was sent to it.',
  })
  emailChangeConfirm(
    @Arg('input', () => EmailChangeConfirmInput, { description: 'The link.' }) input: EmailChangeConfirmInput,
    @Ctx() visit: Visit,
  ) {
    return done(() => confirmEmailChange(visit.core, input, visitorOf(visit)))
  }

  @Door('PERSON')
  @Mutation(() => SecondFactorBeginPayload, {
    description: 'Begins to set up an authenticator. In use once it is confirmed.',
  })
  secondFactorBegin(
    @Arg('input', () => SecondFactorBeginInput, { description: 'Your password.' })
    { password }: SecondFactorBeginInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(() => beginSecondFactor(session, password))
  }

  @Door('PERSON')
  @Mutation(() => RecoveryCodesPayload, {
    description: 'Puts the authenticator into use by a first code of it.',
  })
  secondFactorConfirm(
    @Arg('input', () => SecondFactorConfirmInput, { description: 'The code.' })
    { code }: SecondFactorConfirmInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ recoveryCodes: await confirmSecondFactor(session, code) }))
  }

  @Door('PERSON')
  @Mutation(() => DonePayload, { description: 'Signs in by the password alone from now on.' })
  secondFactorRemove(
    @Arg('input', () => SecondFactorProofInput, { description: 'Password and code.' })
    input: SecondFactorProofInput,
    @Ctx() session: CallerSession,
  ) {
    return done(() => removeSecondFactor(session, input))
  }

  @Door('PERSON')
  @Mutation(() => RecoveryCodesPayload, { description: 'New recovery codes in the place of all old ones.' })
  recoveryCodesRenew(
    @Arg('input', () => SecondFactorProofInput, { description: 'Password and code.' })
    input: SecondFactorProofInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ recoveryCodes: await renewRecoveryCodes(session, input) }))
  }
}
