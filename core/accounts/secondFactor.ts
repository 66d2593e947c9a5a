import { createHash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Core } from '../platform/core.ts'
import { fault } from '../platform/errors.ts'
import { seal, unseal } from '../platform/secrets.ts'
import { audit, AuditAction, auditOfSession } from './audit.ts'
import { assertSignedIn, type PersonSession } from './caller.ts'
import { assertPassword } from './passwords.ts'
import type { Session } from '../platform/session.ts'
import { countAttempt } from './throttle.ts'
import { type User, usersOf } from './user.ts'

const periodSeconds = 30
/** Clocks may be one step apart. */
const window = 1
const recoveryCodes = 10

export const needsSecondFactor = (user: User) => Boolean(user.secondFactor?.confirmedAt)

/** A new secret, to be shown once. It is in use when {@link confirmSecondFactor} has seen a code of it. */
export async function beginSecondFactor(session: Session, password: string) {
  assertSignedIn(session)
  await assertPassword(session, password)
  const { user } = session.caller
  if (needsSecondFactor(user))
    throw fault('CONFLICT', null, 'A second factor is in use already. Remove it first to set up another.')
  const secret = new Secret({ size: 20 })
  const sealed = seal(session.core.config.SECRETS_KEY, secret.base32)
  await usersOf(session.core).updateOne(
    { _id: user._id, 'secondFactor.confirmedAt': null },
    { $set: { secondFactor: { secret: sealed, confirmedAt: null, lastStep: 0, recovery: [] } } },
  )
  return { secret: secret.base32, uri: totp(secret, user.email).toString() }
}

/** Puts the second factor into use. @returns recovery codes, shown this once */
export async function confirmSecondFactor(session: Session, code: string): Promise<string[]> {
  assertSignedIn(session)
  const { user } = session.caller
  if (!user.secondFactor || user.secondFactor.confirmedAt)
    throw fault('CONFLICT', null, 'There is no second factor to confirm. Start again.')
  await countAttempt(session.core, { what: 'second-factor', by: String(user._id), max: 20 })
  const step = stepOf(session.core, user, code)
  if (step === null) throw wrongCode()
  const codes = newRecoveryCodes()
  const confirmed = await usersOf(session.core).updateOne(
    { _id: user._id, 'secondFactor.confirmedAt': null, 'secondFactor.secret': user.secondFactor.secret },
    {
      $set: {
        'secondFactor.confirmedAt': session.now,
        'secondFactor.lastStep': step,
        'secondFactor.recovery': codes.map(hashCode),
      },
    },
  )
  if (!confirmed.modifiedCount) throw fault('CONFLICT', null, 'It was changed in the meantime. Start again.')
  await auditOfSession(session, AuditAction.SECOND_FACTOR_ADDED)
  return codes
}

/** Needs the password and a code, so that an open browser alone is not enough. */
export async function removeSecondFactor(session: Session, input: { password: string; code: string }) {
  assertSignedIn(session)
  await assertBoth(session, input)
  await usersOf(session.core).updateOne({ _id: session.caller.user._id }, { $set: { secondFactor: null } })
  await auditOfSession(session, AuditAction.SECOND_FACTOR_REMOVED)
}

/** New recovery codes in the place of all old ones. */
export async function renewRecoveryCodes(session: Session, input: { password: string; code: string }) {
  assertSignedIn(session)
  await assertBoth(session, input)
  const codes = newRecoveryCodes()
  await usersOf(session.core).updateOne(
    { _id: session.caller.user._id },
    { $set: { 'secondFactor.recovery': codes.map(hashCode) } },
  )
  await auditOfSession(session, AuditAction.RECOVERY_CODES_RENEWED)
  return codes
}

async function assertBoth(session: PersonSession, { password, code }: { password: string; code: string }) {
  await assertPassword(session, password)
  const { user } = session.caller
  if (!needsSecondFactor(user)) throw fault('CONFLICT', null, 'There is no second factor in use.')
  await countAttempt(session.core, { what: 'second-factor', by: String(user._id), max: 20 })
  if (!(await checkSecondFactor(session.core, user, code, { address: 'unknown' }))) throw wrongCode()
}

/** Whether a code of the authenticator, or a recovery code, is right. Either is good once. */
export async function checkSecondFactor(
  core: Core,
  user: User,
  given: string,
  { address }: { address: string },
): Promise<boolean> {
  const code = given.replace(/[\s-]/g, '').toUpperCase()
  if (/^\d{6}$/.test(code)) {
    const step = stepOf(core, user, code)
    if (step === null) return false
    const used = await usersOf(core).updateOne(
      { _id: user._id, 'secondFactor.lastStep': { $lt: step } },
      { $set: { 'secondFactor.lastStep': step } },
    )
    return used.modifiedCount === 1
  }
  const hash = hashCode(code)
  const used = await usersOf(core).updateOne(
    { _id: user._id, 'secondFactor.recovery': hash },
    { $pull: { 'secondFactor.recovery': hash } },
  )
  if (!used.modifiedCount) return false
  await audit(core, AuditAction.RECOVERY_CODE_USED, {
    actor: { type: 'USER', id: user._id, name: user.name },
    address,
  })
  return true
}

/** The time step that the code belongs to; null when it is of none nearby. */
function stepOf(core: Core, user: User, code: string): number | null {
  const secret = Secret.fromBase32(unseal(core.config.SECRETS_KEY, user.secondFactor!.secret))
  const delta = totp(secret, user.email).validate({ token: code.replace(/\s/g, ''), window })
  return delta === null ? null : Math.floor(Date.now() / 1000 / periodSeconds) + delta
}

const totp = (secret: Secret, label: string) =>
  new TOTP({ issuer: 'Maestro', label, algorithm: 'SHA1', digits: 6, period: periodSeconds, secret })

/** Letters and digits that are not taken for each other; 50 bits each. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const newRecoveryCodes = () =>
  Array.from({ length: recoveryCodes }, () => {
    const text = [...randomBytes(10)].map((byte) => alphabet[byte % alphabet.length]).join('')
    return `${text.slice(0, 5)}-${text.slice(5)}`
  })

const hashCode = (code: string) =>
  createHash('sha256').update(code.replace(/[\s-]/g, '').toUpperCase()).digest('base64url')

const wrongCode = () =>
  fault('INVALID', 'code', 'The code is not right. Wait for the next one and try again.')
