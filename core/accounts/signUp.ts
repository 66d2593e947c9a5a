import { MongoServerError, ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { fault, Forbidden } from '../platform/errors.ts'
import { audit, AuditAction } from './audit.ts'
import { checkEmail, checkName, checkPassword, Faults } from './fields.ts'
import { acceptInvitationAs, readInvitation } from './invitations.ts'
import { hashPassword } from './password.ts'
import { beginSession, type SignedIn, type Visitor } from './signIn.ts'
import { countAttempt } from './throttle.ts'
import { hydrateUser, User, usersOf } from './user.ts'

export interface SignUp {
  name: string
  email: string
  password: string
  /** Secret of an invitation's link; its address is the account's then. */
  invitation?: string | null
}

/** The first account of an installation is its administrator; later ones need an invitation or `OPEN_SIGNUP`. */
export async function signUp(core: Core, input: SignUp, visitor: Visitor): Promise<SignedIn> {
  if (!core.config.PASSWORD_SIGN_IN)
    throw new Forbidden('Accounts come from the single sign-on here; there are no passwords.')
  const first = await needsFirstAccount(core)
  const invited = input.invitation ? await readInvitation(core, input.invitation) : null
  if (!first && !invited && !core.config.OPEN_SIGNUP) throw closed()
  const faults = new Faults()
  const name = checkName(faults, input.name)
  const email = checkEmail(faults, input.email)
  checkPassword(faults, input.password)
  faults.expect(
    !invited || invited.email === email,
    'INVALID',
    'email',
    'The invitation was sent to another address; use that one.',
  )
  faults.throwIfAny()
  await countAttempt(core, { what: 'sign-up', by: visitor.address, max: 50 })
  const passwordHash = await hashPassword(input.password)
  const create = (administrator: boolean) =>
    insertUser(core, { name, email, passwordHash, administrator, ...(administrator && { founder: true }) })
  const user =
    (first && (await create(true))) || ((invited || core.config.OPEN_SIGNUP) && (await create(false)))
  if (!user) throw closed()
  await audit(core, AuditAction.SIGNED_UP, {
    actor: { type: 'USER', id: user._id, name },
    subject: { type: 'User', id: user._id, name },
    detail: email,
    address: visitor.address,
  })
  if (input.invitation) await acceptInvitationAs(core, input.invitation, user)
  return beginSession(core, user, visitor)
}

export const needsFirstAccount = async (core: Core) =>
  (await usersOf(core).findOne({}, { projection: { _id: 1 } })) === null

type NewUser = Pick<User, 'name' | 'email' | 'administrator'> & Partial<User>

/**
 * Undefined when somebody else became the founder in the meantime.
 *
 * @throws UserFault with TAKEN when the address has an account
 */
export async function insertUser(core: Core, data: NewUser): Promise<User | undefined> {
  const user = Object.assign(new User(), { _id: new ObjectId(), createdAt: new Date(), ...data })
  try {
    await usersOf(core).insertOne({ ...user } as User)
    return hydrateUser(user)
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11000) throw error
    if (data.founder && (await usersOf(core).countDocuments({ founder: true }))) return undefined
    throw fault('TAKEN', 'email', 'There is already an account with this e-mail address. Sign in instead.')
  }
}

const closed = () =>
  fault(
    'FORBIDDEN',
    null,
    'New accounts are closed here. Ask an administrator of this installation for an invitation.',
  )
