import { Field, GraphQLISODateTime, InputType, ObjectType } from 'type-graphql'
import { User } from '../../core/accounts/user.ts'
import { Payload } from '../userErrors.ts'

@ObjectType({ description: 'What anybody may know about this installation of Maestro.' })
export class Installation {
  @Field(() => String, { description: 'Version of Maestro.' })
  version!: string

  @Field(() => Boolean, {
    description: 'No account exists yet: the first sign-up becomes the administrator.',
  })
  needsFirstAccount!: boolean

  @Field(() => Boolean, { description: 'Whether anybody may create an account.' })
  signUpOpen!: boolean

  @Field(() => Boolean, { description: 'Whether people sign in with passwords.' })
  passwordSignIn!: boolean

  @Field(() => String, {
    nullable: true,
    description: 'Name of the single sign-on, which begins at /auth/oidc/start; null when there is none.',
  })
  singleSignOn!: string | null

  @Field(() => String, { description: 'Colours of this installation, such as lotus.' })
  theme!: string
}

@ObjectType({ description: 'A sign-in that has begun or was renewed.' })
export class SignedIn {
  @Field(() => String, { description: 'Send it as `authorization: Bearer …`.' })
  accessToken!: string

  @Field(() => GraphQLISODateTime, { description: 'When the access token runs out; renew it before.' })
  expiresAt!: Date

  @Field(() => User, { description: 'Who has signed in.' })
  user!: User
}

@ObjectType({ description: 'Answer to signing up, signing in and renewing.' })
export class SignInPayload extends Payload {
  @Field(() => SignedIn, { nullable: true, description: 'Null when nobody is signed in now.' })
  signedIn?: SignedIn | null

  @Field(() => Boolean, {
    description: 'The password is right; send it again with a code of the authenticator.',
  })
  secondFactorNeeded!: boolean
}

@ObjectType({ description: 'Answer to what has no other answer than whether it was done.' })
export class DonePayload extends Payload {}

@InputType({ description: 'A new account.' })
export class UserSignUpInput {
  @Field(() => String, { description: 'Name to show; 3 to 100 characters.' })
  name!: string

  @Field(() => String, { description: 'Address to sign in with.' })
  email!: string

  @Field(() => String, { description: 'At least 10 characters.' })
  password!: string

  @Field(() => String, {
    nullable: true,
    description: 'Secret of the link of an invitation to this address.',
  })
  invitation?: string | null
}

@InputType({ description: 'Who signs in.' })
export class SessionCreateInput {
  @Field(() => String, { description: "The account's address." })
  email!: string

  @Field(() => String, { description: "The account's password." })
  password!: string

  @Field(() => String, {
    nullable: true,
    description: 'Code of the authenticator, or a recovery code, for accounts with a second factor.',
  })
  code?: string | null
}
