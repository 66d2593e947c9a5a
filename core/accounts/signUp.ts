import { UniqueConstraintViolationException } from '@mikro-orm/mongodb'
import type { Core } from '../platform/core.ts'
import { fault, type Fault, UserFault } from '../platform/errors.ts'
import { normalEmail } from './email.ts'
import { hashPassword } from './password.ts'
import { beginSession, type SignedIn } from './signIn.ts'
import { countAttempt } from './throttle.ts'
import { User } from './user.ts'

export interface SignUp {
  name: string
  email: string
  password: string
}

/** The first account of an installation is its administrator; later ones need `OPEN_SIGNUP`. */
export async function signUp(core: Core, input: SignUp, address: string): Promise<SignedIn> {
  const first = await needsFirstAccount(core)
  if (!first && !core.config.OPEN_SIGNUP) throw closed()
  const { name, email, password } = checked(input)
  await countAttempt(core, { what: 'sign-up', by: address, max: 50 })
  const passwordHash = await hashPassword(password)
  const create = (administrator: boolean) =>
    insert(core, { name, email, passwordHash, administrator, ...(administrator && { founder: true }) })
  const user = (first && (await create(true))) || (core.config.OPEN_SIGNUP && (await create(false)))
  if (!user) throw closed()
  return beginSession(core, user)
}

export const needsFirstAccount = async (core: Core) =>
  (await core.db.collection('users').findOne({}, { projection: { _id: 1 } })) === null

/** Undefined when somebody else became the founder in the meantime. */
async function insert(
  core: Core,
  data: Pick<User, 'name' | 'email' | 'passwordHash' | 'administrator' | 'founder'>,
) {
  const em = core.orm.em.fork()
  const user = em.create(User, data)
  try {
    await em.persist(user).flush()
    return user
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    if (data.founder && (await em.fork().count(User, { founder: true }))) return undefined
    throw fault('TAKEN', 'email', 'There is already an account with this e-mail address. Sign in instead.')
  }
}

const closed = () =>
  fault(
    'FORBIDDEN',
    null,
    'New accounts are closed here. Ask an administrator of this installation to open them.',
  )

function checked(input: SignUp): SignUp {
  const faults: Fault[] = []
  const expect = (holds: boolean, code: Fault['code'], field: keyof SignUp, message: string) => {
    if (!holds && !faults.some((found) => found.field?.[0] === field))
      faults.push({ code, field: [field], message })
  }
  const name = input.name.trim().normalize('NFC')
  const email = normalEmail(input.email)
  const { password } = input
  expect(name.length > 0, 'REQUIRED', 'name', 'Please enter a name.')
  expect(name.length >= 3, 'INVALID', 'name', 'The name needs at least 3 characters.')
  expect(name.length <= 100, 'TOO_LONG', 'name', 'The name may have at most 100 characters.')
  expect(!/\p{Cc}/u.test(name), 'INVALID', 'name', 'The name may not contain control characters.')
  expect(email.length > 0, 'REQUIRED', 'email', 'Please enter an e-mail address.')
  expect(email.length <= 254, 'TOO_LONG', 'email', 'The e-mail address may have at most 254 characters.')
  expect(
    /^[^\s@\p{Cc}]+@[^\s@.\p{Cc}]+(\.[^\s@.\p{Cc}]+)*$/u.test(email),
    'INVALID',
    'email',
    'This is not an e-mail address; it should look like name@example.org.',
  )
  expect(password.length > 0, 'REQUIRED', 'password', 'Please choose a password.')
  expect(password.length >= 10, 'INVALID', 'password', 'The password needs at least 10 characters.')
  expect(password.length <= 1000, 'TOO_LONG', 'password', 'The password may have at most 1,000 characters.')
  if (faults.length) throw new UserFault(faults)
  return { name, email, password }
}
