import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type ProfileField, User } from '../../core/accounts/user.ts'
import { themes } from '../../core/platform/config.ts'
import { Payload } from '../userErrors.ts'

type ThemeName = (typeof themes)[number]
export const Themes = Object.fromEntries(themes.map((name) => [name.toUpperCase(), name])) as Record<
  string,
  ThemeName
>
registerEnumType(Themes, {
  name: 'Theme',
  description: 'Colours of the web app.',
  valuesConfig: {
    LOTUS: { description: 'Lotus, the usual one.' },
    GOLD: { description: 'Gold.' },
    WINE: { description: 'Wine.' },
    BLUE: { description: 'Blue.' },
    DARK: { description: 'Graphite.' },
    GREEN: { description: 'Green.' },
    ORANGE: { description: 'Orange.' },
  },
})

export const Modes = { LIGHT: 'light', DARK: 'dark' } as const
registerEnumType(Modes, {
  name: 'ThemeMode',
  description: 'Brightness of the web app.',
  valuesConfig: { LIGHT: { description: 'Light.' }, DARK: { description: 'Dark.' } },
})

@InputType({ description: 'What to change about yourself. Absent = leave as it is, null = clear.' })
export class ProfileUpdateInput implements Partial<Record<ProfileField, string | null>> {
  @Field(() => String, { nullable: true, description: 'Name to show; 3 to 100 characters.' })
  name?: string | null

  @Field(() => String, { nullable: true, description: 'Full name; at most 200 characters.' })
  fullName?: string | null

  @Field(() => String, { nullable: true, description: 'Telephone number; at most 200 characters.' })
  phone?: string | null

  @Field(() => String, { nullable: true, description: 'Company; at most 200 characters.' })
  company?: string | null

  @Field(() => String, { nullable: true, description: 'What you do; at most 200 characters.' })
  job?: string | null

  @Field(() => String, { nullable: true, description: 'Country; at most 200 characters.' })
  country?: string | null

  @Field(() => String, { nullable: true, description: 'City; at most 200 characters.' })
  city?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Street and number, room, desk; at most 200 characters.',
  })
  address?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'An upload with your picture: JPEG, PNG, GIF or WebP, at most 5 MiB.',
  })
  avatar?: string | null

  @Field(() => Themes, {
    nullable: true,
    description: 'Your own colours; null: as the installation has them.',
  })
  theme?: ThemeName | null

  @Field(() => Modes, { nullable: true, description: 'Your own brightness; null: as the system has it.' })
  mode?: 'light' | 'dark' | null
}

@ObjectType({ description: 'Answer to a change of an account.' })
export class UserPayload extends Payload {
  @Field(() => User, {
    nullable: true,
    description: 'The account as it is now; null when it was not accepted.',
  })
  user?: User | null
}

@InputType({ description: 'A new password.' })
export class PasswordChangeInput {
  @Field(() => String, { description: 'The present password.' })
  current!: string

  @Field(() => String, { description: 'The new one; at least 10 characters.' })
  password!: string
}

@InputType({ description: 'Whose password was forgotten.' })
export class PasswordResetRequestInput {
  @Field(() => String, { description: "The account's address." })
  email!: string
}

@InputType({ description: 'A new password, by the link of a mail.' })
export class PasswordResetInput {
  @Field(() => String, { description: 'Secret of the link.' })
  token!: string

  @Field(() => String, { description: 'The new password; at least 10 characters.' })
  password!: string
}

@InputType({ description: 'A new address to sign in with.' })
export class EmailChangeRequestInput {
  @Field(() => String, { description: 'The new address; a link is sent to it.' })
  email!: string

  @Field(() => String, { description: 'Your password.' })
  password!: string
}

@InputType({ description: 'The link that was sent to a new address.' })
export class EmailChangeConfirmInput {
  @Field(() => String, { description: 'Secret of the link.' })
  token!: string
}

@InputType({ description: 'Your password, for what an open browser alone must not do.' })
export class SecondFactorBeginInput {
  @Field(() => String, { description: 'Your password.' })
  password!: string
}

@ObjectType({ description: 'What an authenticator needs to know; shown this once.' })
export class SecondFactorBeginPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'Secret to type, in base 32.' })
  secret?: string | null

  @Field(() => String, { nullable: true, description: 'The same as an otpauth:// address, for a QR code.' })
  uri?: string | null
}

@InputType({ description: 'A first code of an authenticator.' })
export class SecondFactorConfirmInput {
  @Field(() => String, { description: 'Six digits.' })
  code!: string
}

@InputType({ description: 'Your password and a code.' })
export class SecondFactorProofInput {
  @Field(() => String, { description: 'Your password.' })
  password!: string

  @Field(() => String, { description: 'Six digits of the authenticator, or a recovery code.' })
  code!: string
}

@ObjectType({ description: 'Codes for the day on which the authenticator is lost.' })
export class RecoveryCodesPayload extends Payload {
  @Field(() => [String], { nullable: true, description: 'Each is good once; shown this once.' })
  recoveryCodes?: string[] | null
}

@InputType({ description: 'A sign-in to end.' })
export class SignInEndInput {
  @Field(() => ID, { description: 'Which sign-in.' })
  id!: string
}

@InputType({ description: 'Whose sign-ins to end.' })
export class SignInsEndInput {
  @Field(() => ID, { nullable: true, description: 'Whose; your own unless given. For administrators.' })
  user?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Leave the one in which you ask for it.' })
  exceptThis?: boolean | null
}

@ObjectType({ description: 'Answer to ending sign-ins.' })
export class SignInsEndPayload extends Payload {
  @Field(() => Int, { nullable: true, description: 'How many were ended.' })
  ended?: number | null
}
