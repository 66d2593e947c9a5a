import { type Filter, ObjectId } from 'mongodb'
import type { AccessLevel } from '../platform/access.ts'
import { covers } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { sendMail } from '../platform/mail/send.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { audit, AuditAction, auditOfSession } from './audit.ts'
import { announceChanged } from './callerChanges.ts'
import { assertAdministrator, assertSignedIn, type CallerSession, isAdministrator } from './caller.ts'
import { checkEmail, Faults } from './fields.ts'
import { hydrateInvitation, Invitation, invitationsOf } from './invitation.ts'
import { addMember, getTeam } from './teams.ts'
import { type Team, teamsOf } from './team.ts'
import { countAttempt } from './throttle.ts'
import { hashFamily, newFamily } from './tokens.ts'
import { type User, usersOf } from './user.ts'

const days = 7

export interface InviteInput {
  email: string
  team?: string | null
  level?: AccessLevel | null
  administrator?: boolean | null
}

/**
 * Mails an invitation: administrators to anybody, admins of a team into their team. Whether the address has an account is
 * not told; who has one joins the team by the same link.
 */
export async function inviteUser(session: Session, input: InviteInput): Promise<Invitation> {
  assertSignedIn(session)
  const { core, actor } = session
  const faults = new Faults()
  const email = checkEmail(faults, input.email)
  faults.expect(
    !input.team || Boolean(input.level),
    'REQUIRED',
    'level',
    'Say what the person may do in the team.',
  )
  faults.throwIfAny()
  const team = input.team ? await getTeam(session, input.team, 'ADMIN') : null
  if (!team || input.administrator) assertAdministrator(session)
  await countAttempt(core, { what: 'invitation', by: String(actor.id), max: 200 })
  const secret = newFamily()
  const invitation = Object.assign(new Invitation(), {
    _id: new ObjectId(),
    hash: hashFamily(secret),
    email,
    team: team?._id ?? null,
    level: team ? input.level! : null,
    administrator: input.administrator ?? false,
    by: session.caller.user._id,
    byName: actor.name,
    createdAt: session.now,
    expiresAt: end(session.now),
  })
  await invitationsOf(core).insertOne({ ...invitation } as Invitation)
  await mailInvitation(core, invitation, team, secret)
  await auditOfSession(session, AuditAction.USER_INVITED, { detail: detailOf(invitation, team) })
  return invitation
}

const end = (now: Date) => new Date(now.getTime() + days * 24 * 3600 * 1000)

const detailOf = ({ email, level, administrator }: Invitation, team: Team | null) =>
  [email, team && `${team.name}: ${level}`, administrator && 'administrator'].filter(Boolean).join(', ')

const mailInvitation = (core: Core, invitation: Invitation, team: Team | null, secret: string) =>
  sendMail(core, {
    what: 'INVITATION',
    to: invitation.email,
    subject: team ? `Join ${team.name} in Maestro` : 'Your invitation to Maestro',
    greeting: 'Hello,',
    paragraphs: [
      team
        ? `${invitation.byName} invites you to the team ${team.name} in Maestro, where it keeps track of what runs where.`
        : `${invitation.byName} invites you to Maestro, the inventory of what runs where, and for whom.`,
    ],
    link: { label: 'Accept the invitation', path: `/invitation?token=${secret}` },
    closing: `The link works once, within ${days} days, for the address ${invitation.email}. If you do not know what this is about, you need not do anything.`,
  })

/** The open invitation of a link. @throws UserFault when it was used, taken back, or has run out */
export async function readInvitation(core: Core, secret: string): Promise<Invitation> {
  const found = await invitationsOf(core).findOne({
    hash: hashFamily(secret),
    expiresAt: { $gt: new Date() },
  })
  if (!found)
    throw fault(
      'INVALID',
      'invitation',
      'This invitation was used already, taken back, or has run out. Ask for a new one.',
    )
  return hydrateInvitation(found)
}

export interface InvitationPreview {
  email: string
  team: string | null
  invitedBy: string
  expiresAt: Date
  hasAccount: boolean
}

/** What a link says to whoever holds it; null when it is worth nothing. */
export async function previewInvitation(
  core: Core,
  secret: string,
  address: string,
): Promise<InvitationPreview | null> {
  await countAttempt(core, { what: 'invitation-token', by: address, max: 100 })
  const found = await invitationsOf(core).findOne({
    hash: hashFamily(secret),
    expiresAt: { $gt: new Date() },
  })
  if (!found) return null
  const { email, byName, expiresAt } = found
  const [team, accounts] = await Promise.all([
    found.team && teamsOf(core).findOne({ _id: found.team }),
    usersOf(core).countDocuments({ email }),
  ])
  return { email, team: team?.name ?? null, invitedBy: byName, expiresAt, hasAccount: accounts > 0 }
}

/** For a person who has an account with the invitation's address. */
export async function acceptInvitation(session: Session, secret: string): Promise<Team | null> {
  assertSignedIn(session)
  return acceptInvitationAs(session.core, secret, session.caller.user)
}

/** Uses an invitation up. @throws UserFault when it is for another address */
export async function acceptInvitationAs(core: Core, secret: string, user: User): Promise<Team | null> {
  const invitation = await readInvitation(core, secret)
  if (invitation.email !== user.email)
    throw fault(
      'INVALID',
      'invitation',
      'This invitation was sent to another address. Sign in with that one.',
    )
  const used = await invitationsOf(core).findOneAndDelete({ _id: invitation._id, hash: invitation.hash })
  if (!used) throw fault('INVALID', 'invitation', 'This invitation was used already.')
  if (invitation.administrator && !user.administrator)
    await usersOf(core).updateOne({ _id: user._id }, { $set: { administrator: true } })
  const team = invitation.team && (await addMember(core, invitation.team, user._id, invitation.level!))
  announceChanged(core, [user._id])
  await audit(core, AuditAction.INVITATION_ACCEPTED, {
    actor: { type: 'USER', id: user._id, name: user.name },
    subject: team ? { type: 'Team', id: team._id, name: team.name } : null,
    detail: `Invited by ${invitation.byName}`,
  })
  return team || null
}

/** Open invitations, newest first: all for administrators, else those into teams whose admin one is. */
export async function findInvitations(
  session: CallerSession,
  args: PageArgs,
  team?: string | null,
): Promise<Page<Invitation>> {
  const filter = {
    expiresAt: { $gt: session.now },
    ...manageable(session),
    ...(team && { team: (await getTeam(session, team, 'ADMIN'))._id }),
  } as Filter<Invitation>
  const page = await findPage(invitationsOf(session.core), filter, [{ field: '_id', direction: -1 }], args)
  return mapPage(page, hydrateInvitation)
}

const manageable = (session: CallerSession) =>
  isAdministrator(session)
    ? {}
    : {
        team: {
          $in: session.caller.teams.filter(({ level }) => covers(level, 'ADMIN')).map(({ team }) => team),
        },
        administrator: false,
      }

export const findInvitationsById = async (session: CallerSession, ids: ObjectId[]) =>
  (
    await invitationsOf(session.core)
      .find({ $and: [{ _id: { $in: ids } }, manageable(session)] } as Filter<Invitation>)
      .toArray()
  ).map(hydrateInvitation)

async function getInvitation(session: Session, id: string): Promise<Invitation> {
  assertSignedIn(session)
  const [found] = await findInvitationsById(session, [decodeId(id, 'Invitation').id])
  if (!found) throw new NotFound('invitation', id)
  return found
}

/** Its link is worth nothing from now on. */
export async function revokeInvitation(session: Session, id: string): Promise<void> {
  const invitation = await getInvitation(session, id)
  await invitationsOf(session.core).deleteOne({ _id: invitation._id })
  await auditOfSession(session, AuditAction.INVITATION_REVOKED, { detail: invitation.email })
}

/** Mails a new link; the one that was sent before is worth nothing from now on. */
export async function resendInvitation(session: Session, id: string): Promise<Invitation> {
  const invitation = await getInvitation(session, id)
  const { core } = session
  await countAttempt(core, { what: 'invitation', by: String(session.actor.id), max: 200 })
  const secret = newFamily()
  const renewed = { hash: hashFamily(secret), expiresAt: end(session.now) }
  await invitationsOf(core).updateOne({ _id: invitation._id }, { $set: renewed })
  const team = invitation.team && (await teamsOf(core).findOne({ _id: invitation.team }))
  await mailInvitation(core, Object.assign(invitation, renewed), team, secret)
  await auditOfSession(session, AuditAction.USER_INVITED, { detail: `Again: ${invitation.email}` })
  return invitation
}

export const sweepInvitations = (core: Core) =>
  invitationsOf(core).deleteMany({ expiresAt: { $lte: new Date() } })
