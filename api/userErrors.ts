import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { type Fault, type UserErrorCode, UserFault } from '../core/platform/errors.ts'

export const UserErrorCodes: { [Code in UserErrorCode]: Code } = {
  REQUIRED: 'REQUIRED',
  INVALID: 'INVALID',
  TOO_LONG: 'TOO_LONG',
  TAKEN: 'TAKEN',
  NOT_FOUND: 'NOT_FOUND',
  FORBIDDEN: 'FORBIDDEN',
  CONFLICT: 'CONFLICT',
  LOCKED: 'LOCKED',
  IN_USE: 'IN_USE',
  CYCLE: 'CYCLE',
  LIMIT_REACHED: 'LIMIT_REACHED',
  UNSUPPORTED: 'UNSUPPORTED',
}
registerEnumType(UserErrorCodes, {
  name: 'UserErrorCode',
  description: 'Why an input was not accepted.',
  valuesConfig: {
    REQUIRED: { description: 'A value is missing.' },
    INVALID: { description: 'The value is not of the right form.' },
    TOO_LONG: { description: 'The value is longer or larger than allowed.' },
    TAKEN: { description: 'Something else has this value already, and it must be unique.' },
    NOT_FOUND: { description: 'The input names something that does not exist or that you may not see.' },
    FORBIDDEN: { description: 'You may see it, but not do this to it.' },
    CONFLICT: { description: 'Somebody else has changed it since you read it.' },
    LOCKED: { description: 'It cannot be changed at the moment.' },
    IN_USE: { description: 'Other things depend on it.' },
    CYCLE: { description: 'It would depend on itself.' },
    LIMIT_REACHED: { description: 'There may be no more of these.' },
    UNSUPPORTED: { description: 'Maestro cannot do this here.' },
  },
})

@ObjectType({ description: 'Why an input was not accepted, for the person who typed it.' })
export class UserError {
  @Field(() => UserErrorCodes, { description: 'Stable name of the reason.' })
  code!: UserErrorCode

  @Field(() => [String], {
    nullable: true,
    description: 'Path of the field within the input; null when no single field is at fault.',
  })
  field!: string[] | null

  @Field(() => String, { description: 'A sentence to show.' })
  message!: string
}

@ObjectType({ description: 'Answer of a mutation.' })
export abstract class Payload {
  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[]
}

/** Runs a mutation. What the caller can mend becomes `userErrors`; anything else rises. */
export async function payload<T extends object>(
  run: () => Promise<T>,
): Promise<(T | { [Key in keyof T]?: undefined }) & { userErrors: Fault[] }> {
  try {
    return { ...(await run()), userErrors: [] }
  } catch (error) {
    if (error instanceof UserFault) return { userErrors: error.faults } as never
    throw error
  }
}
