import { MongoServerError } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { Problem, UserFault } from '../platform/errors.ts'
import { revokeTokensOf } from './apiTokens.ts'
import { audit, AuditAction, hasDone } from './audit.ts'
import { normalEmail } from './email.ts'
import { checkEmail, checkName, Faults } from './fields.ts'
import type { Identity } from './identity.ts'
import { dropLinks } from './mailedLink.ts'
import { endSessionsOf } from './sessions.ts'
import type { Visitor } from './signIn.ts'
import { insertUser, needsFirstAccount } from './signUp.ts'
import { followGroups } from './singleSignOnGroups.ts'
import { hydrateUser, principalOf, type User, usersOf } from './user.ts'

/**
 * The account of somebody whom the single sign-on knows: the one they had here, the one with the address that the
 * provider has verified, or a new one. Afterwards the person is in the teams of their groups.
 *
 * @throws Problem when there may be none
 */
export async function findPersonBySignOn(core: Core, identity: Identity, visitor: Visitor): Promise<User> {
  const user =
    (await known(core, identity)) ??
    (await linked(core, identity, visitor)) ??
    (await made(core, identity, visitor))
  if (user.disabledAt) await refuse(core, 'ACCOUNT_DISABLED', user, identity, visitor)
  if (identity.groups) await followGroups(core, user, identity.groups)
  return user
}

async function known(core: Core, { subject }: Identity): Promise<User | null> {
  const found = await usersOf(core).findOne({ subject })
  return found && hydrateUser(found)
}

/** Whoever made the account may have been somebody else, unless a mail to its address has shown otherwise. */
async function linked(core: Core, identity: Identity, visitor: Visitor): Promise<User | null> {
  const { subject, issuer, emailVerified } = identity
  if (!identity.email || !emailVerified) return null
  const found = await usersOf(core).findOne({ email: normalEmail(identity.email) })
  if (!found || found.disabledAt) return found && hydrateUser(found)
  // The same provider never gives two names to one person: the address has gone to somebody else.
  if (found.subject?.startsWith(`${issuer}|`)) return null
  const trusted =
    found.founder ||
    (await hasDone(core, found._id, [AuditAction.INVITATION_ACCEPTED, AuditAction.EMAIL_CHANGED]))
  const saved = await usersOf(core)
    .findOneAndUpdate(
      { _id: found._id, email: found.email, subject: found.subject ?? null },
      { $set: { subject, ...(!trusted && { passwordHash: null, secondFactor: null }) } },
      { returnDocument: 'after' },
    )
    .catch(nullIfTaken)
  if (!saved) return known(core, identity)
  if (!trusted) {
    await endSessionsOf(core, saved._id)
    await dropLinks(core, saved._id)
    await revokeTokensOf(core, principalOf(saved._id))
  }
  await audit(core, AuditAction.PROFILE_CHANGED, {
    actor: { type: 'USER', id: saved._id, name: saved.name },
    detail: `Linked with ${core.config.OIDC_NAME}${trusted ? '' : '; what had opened the account before no longer does'}`,
    address: visitor.address,
  })
  return hydrateUser(saved)
}

function nullIfTaken(error: unknown): null {
  if (error instanceof MongoServerError && error.code === 11000) return null
  throw error
}

async function made(core: Core, identity: Identity, visitor: Visitor): Promise<User> {
  const { subject } = identity
  const email = readEmail(identity.email)
  if (!email) return refuse(core, 'ADDRESS_MISSING', null, identity, visitor)
  const name = readName([...identity.names, email])
  // Where a group makes administrators, being the first does not.
  const first = !core.config.OIDC_ADMINISTRATOR_GROUP && (await needsFirstAccount(core))
  const data = { name, email, subject, administrator: first, ...(first && { founder: true }) }
  try {
    const user =
      (await insertUser(core, data)) ??
      (await insertUser(core, { name, email, subject, administrator: false }))
    await audit(core, AuditAction.SIGNED_UP, {
      actor: { type: 'USER', id: user!._id, name },
      subject: { type: 'User', id: user!._id, name },
      detail: `${email}, by ${core.config.OIDC_NAME}`,
      address: visitor.address,
    })
    return user!
  } catch (error) {
    if (!(error instanceof UserFault)) throw error
    // Perhaps the same person, in another tab.
    return (await known(core, identity)) ?? refuse(core, 'ADDRESS_TAKEN', null, identity, visitor)
  }
}

function readEmail(given: string | null): string | null {
  const faults = new Faults()
  const email = checkEmail(faults, given ?? '')
  return holds(faults) ? email : null
}

/** The first that is good enough as a name here; an address always makes one. */
function readName(candidates: string[]): string {
  const names = candidates.map((text) =>
    text
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 100),
  )
  return (
    names.find((name) => {
      const faults = new Faults()
      checkName(faults, name)
      return holds(faults)
    }) ?? 'Somebody'
  )
}

function holds(faults: Faults): boolean {
  try {
    faults.throwIfAny()
    return true
  } catch {
    return false
  }
}

const sentences = {
  ACCOUNT_DISABLED: 'This account is switched off.',
  ADDRESS_MISSING: 'The single sign-on told no mail address, and an account needs one.',
  ADDRESS_TAKEN: 'Another account has this mail address already.',
}

async function refuse(
  core: Core,
  code: keyof typeof sentences,
  user: User | null,
  { email, subject }: Identity,
  { address }: Visitor,
): Promise<never> {
  await audit(core, AuditAction.SIGN_IN_REFUSED, {
    actor: { type: 'USER', id: null, name: 'Nobody' },
    subject: user && { type: 'User', id: user._id, name: user.name },
    detail: `${email ?? subject}, by ${core.config.OIDC_NAME}: ${sentences[code]}`,
    address,
  })
  throw new Problem(code, sentences[code])
}
