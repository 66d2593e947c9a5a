import { fault } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import { AuditAction, auditOfSession } from './audit.ts'
import { dropAvatar, keepAvatar } from './avatars.ts'
import { assertSignedIn } from './caller.ts'
import { checkName, checkText, Faults } from './fields.ts'
import { hydrateUser, profileFields, type ProfileField, type User, usersOf } from './user.ts'

/** Absent stays, null clears. */
export interface ProfileInput extends Partial<Record<ProfileField, string | null>> {
  name?: string | null
  theme?: string | null
  mode?: string | null
  /** Id of an upload. */
  avatar?: string | null
}

/** What people tell about themselves. */
export async function updateProfile(session: Session, input: ProfileInput): Promise<User> {
  assertSignedIn(session)
  const { core, caller } = session
  const faults = new Faults()
  const changes: Partial<User> = {}
  if (input.name != null) changes.name = checkName(faults, input.name)
  for (const field of profileFields)
    if (input[field] !== undefined) changes[field] = checkText(faults, field, input[field], 200)
  faults.throwIfAny()
  if (input.theme !== undefined) changes.theme = input.theme
  if (input.mode !== undefined) changes.mode = input.mode
  if (input.avatar !== undefined) changes.avatar = input.avatar && (await keepAvatar(session, input.avatar))
  const before = await usersOf(core).findOneAndUpdate({ _id: caller.user._id }, { $set: changes })
  if (!before) throw fault('NOT_FOUND', null, 'Your account no longer exists.')
  if (input.avatar !== undefined) await dropAvatar(core, before.avatar)
  if (Object.keys(changes).some((field) => field !== 'theme' && field !== 'mode'))
    await auditOfSession(session, AuditAction.PROFILE_CHANGED, { detail: Object.keys(changes).join(', ') })
  return hydrateUser({ ...before, ...changes })
}
