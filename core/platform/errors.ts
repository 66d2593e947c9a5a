/** What a caller can mend in the input; the codes of `userErrors`. */
export type UserErrorCode =
  | 'REQUIRED'
  | 'INVALID'
  | 'TOO_LONG'
  | 'TAKEN'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'LOCKED'
  | 'IN_USE'
  | 'CYCLE'
  | 'LIMIT_REACHED'
  | 'UNSUPPORTED'

export interface Fault {
  code: UserErrorCode
  /** Path of the input field; null when the fault is in no single field. */
  field: string[] | null
  message: string
}

/** Base of every error that carries a sentence for a person and a stable code for a program. */
export abstract class CoreError extends Error {
  abstract readonly code: string

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/** The input cannot be accepted as it is; mutations answer these as `userErrors`. */
export class UserFault extends CoreError {
  readonly code: string = 'BAD_USER_INPUT'

  constructor(readonly faults: Fault[]) {
    super(faults.map((fault) => fault.message).join(' '))
  }
}

export const fault = (code: UserErrorCode, field: string | string[] | null, message: string) =>
  new UserFault([{ code, field: typeof field === 'string' ? [field] : field, message }])

/** Somebody else changed the same record since the caller read it. */
export class Conflict extends UserFault {
  override readonly code = 'CONFLICT'

  constructor(
    /** Ids of the records that have moved on. */
    readonly records: string[],
    /** Fields that were changed in the meantime. */
    readonly fields: string[],
  ) {
    const what = fields.length ? `${fields.join(', ')} ${fields.length > 1 ? 'were' : 'was'}` : 'it was'
    super([
      {
        code: 'CONFLICT',
        field: fields.length === 1 ? [fields[0]!] : null,
        message: `Somebody else has changed this in the meantime: ${what} saved since you opened it. Nothing of yours was saved; look at the present values and save again.`,
      },
    ])
  }
}

/** Also what a caller is told about things that exist but are invisible to them. */
export class NotFound extends CoreError {
  readonly code = 'NOT_FOUND'

  constructor(thing: string, id?: string) {
    super(`There is no ${thing}${id ? ` with the id ${id}` : ''}, or you may not see it.`)
  }
}

export class BadInput extends CoreError {
  readonly code = 'BAD_USER_INPUT'
}

export class Unauthenticated extends CoreError {
  readonly code = 'UNAUTHENTICATED'

  constructor(message = 'Please sign in first.') {
    super(message)
  }
}

export class Forbidden extends CoreError {
  readonly code = 'FORBIDDEN'
}

/** The same caller has tried too often. */
export class TooManyAttempts extends CoreError {
  readonly code = 'RATE_LIMITED'

  constructor(
    message: string,
    readonly retryAfterMs: number,
  ) {
    super(message)
  }
}

export class Unavailable extends CoreError {
  readonly code = 'UNAVAILABLE'
}

/** A problem outside of Maestro (a cloud, a file), told with its cause and its remedy. */
export class Problem extends CoreError {
  constructor(
    /** Stable name of the situation, for example `CREDENTIALS_REFUSED`. */
    readonly code: string,
    message: string,
    readonly remedy: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
