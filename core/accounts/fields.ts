import { type Fault, UserFault } from '../platform/errors.ts'
import { normalEmail } from './email.ts'

/** Collects what is wrong with an input, the first fault of each field, and throws it all together. */
export class Faults {
  private readonly faults: Fault[] = []

  expect(holds: boolean, code: Fault['code'], field: string, message: string) {
    if (!holds && !this.faults.some((found) => found.field?.[0] === field))
      this.faults.push({ code, field: [field], message })
  }

  /** @throws UserFault when there is any */
  throwIfAny() {
    if (this.faults.length) throw new UserFault(this.faults)
  }
}

/** A name of a person, team or token, trimmed. */
export function checkName(faults: Faults, given: string, least = 3): string {
  const name = given.trim().normalize('NFC')
  faults.expect(name.length > 0, 'REQUIRED', 'name', 'Please enter a name.')
  faults.expect(name.length >= least, 'INVALID', 'name', `The name needs at least ${least} characters.`)
  faults.expect(name.length <= 100, 'TOO_LONG', 'name', 'The name may have at most 100 characters.')
  faults.expect(!/\p{Cc}/u.test(name), 'INVALID', 'name', 'The name may not contain control characters.')
  return name
}

/** An address in the form in which it is stored. */
export function checkEmail(faults: Faults, given: string): string {
  const email = normalEmail(given)
  faults.expect(email.length > 0, 'REQUIRED', 'email', 'Please enter an e-mail address.')
  faults.expect(
    email.length <= 254,
    'TOO_LONG',
    'email',
    'The e-mail address may have at most 254 characters.',
  )
  faults.expect(
    /^[^\s@\p{Cc},;<>"]+@[^\s@.\p{Cc},;<>"]+(\.[^\s@.\p{Cc},;<>"]+)*$/u.test(email),
    'INVALID',
    'email',
    'This is not an e-mail address; it should look like name@example.org.',
  )
  return email
}

export function checkPassword(faults: Faults, password: string): string {
  faults.expect(password.length > 0, 'REQUIRED', 'password', 'Please choose a password.')
  faults.expect(password.length >= 10, 'INVALID', 'password', 'The password needs at least 10 characters.')
  faults.expect(
    password.length <= 1000,
    'TOO_LONG',
    'password',
    'The password may have at most 1,000 characters.',
  )
  return password
}

/** Text that may be absent: null clears, and so does an empty one. */
export function checkText(faults: Faults, field: string, given: string | null, most: number): string | null {
  const text = given?.trim().normalize('NFC') ?? ''
  faults.expect(text.length <= most, 'TOO_LONG', field, `At most ${most} characters are possible here.`)
  faults.expect(!/\p{Cc}/u.test(text), 'INVALID', field, 'Control characters are not possible here.')
  return text || null
}

/** A link that people follow; never one that runs a script. */
export function checkUrl(faults: Faults, field: string, given: string | null): string | null {
  const url = checkText(faults, field, given, 1000)
  faults.expect(
    !url || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)),
    'INVALID',
    field,
    'This must be a URL such as https://wiki.example.org/ops.',
  )
  return url
}
