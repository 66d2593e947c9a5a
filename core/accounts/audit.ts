import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, type Filter, ObjectId } from 'mongodb'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import type { Actor, Session } from '../platform/session.ts'
import { escapedText } from '../platform/text.ts'
import { assertAdministrator } from './caller.ts'

export enum AuditAction {
  SIGNED_UP = 'SIGNED_UP',
  SIGNED_IN = 'SIGNED_IN',
  SIGN_IN_REFUSED = 'SIGN_IN_REFUSED',
  SIGNED_OUT = 'SIGNED_OUT',
  REFRESH_TOKEN_REPLAYED = 'REFRESH_TOKEN_REPLAYED',
  PROFILE_CHANGED = 'PROFILE_CHANGED',
  EMAIL_CHANGED = 'EMAIL_CHANGED',
  PASSWORD_CHANGED = 'PASSWORD_CHANGED',
  PASSWORD_RESET_SENT = 'PASSWORD_RESET_SENT',
  PASSWORD_RESET = 'PASSWORD_RESET',
  SECOND_FACTOR_ADDED = 'SECOND_FACTOR_ADDED',
  SECOND_FACTOR_REMOVED = 'SECOND_FACTOR_REMOVED',
  RECOVERY_CODE_USED = 'RECOVERY_CODE_USED',
  RECOVERY_CODES_RENEWED = 'RECOVERY_CODES_RENEWED',
  TOKEN_CREATED = 'TOKEN_CREATED',
  TOKEN_REVOKED = 'TOKEN_REVOKED',
  USER_INVITED = 'USER_INVITED',
  INVITATION_REVOKED = 'INVITATION_REVOKED',
  INVITATION_ACCEPTED = 'INVITATION_ACCEPTED',
  USER_PROMOTED = 'USER_PROMOTED',
  USER_DEMOTED = 'USER_DEMOTED',
  USER_DISABLED = 'USER_DISABLED',
  USER_ENABLED = 'USER_ENABLED',
  USER_DELETED = 'USER_DELETED',
  TEAM_CREATED = 'TEAM_CREATED',
  TEAM_CHANGED = 'TEAM_CHANGED',
  TEAM_MEMBERS_CHANGED = 'TEAM_MEMBERS_CHANGED',
  TEAM_DELETED = 'TEAM_DELETED',
  ACCESS_CHANGED = 'ACCESS_CHANGED',
  MAIL_RETRIED = 'MAIL_RETRIED',
  CATALOGUE_CHANGED = 'CATALOGUE_CHANGED',
}
registerEnumType(AuditAction, {
  name: 'AuditAction',
  description: 'What somebody did that concerns who may do what.',
  valuesConfig: {
    SIGNED_UP: { description: 'An account was made.' },
    SIGNED_IN: { description: 'Somebody signed in.' },
    SIGN_IN_REFUSED: { description: 'A password, code or address was wrong.' },
    SIGNED_OUT: { description: 'A sign-in was ended by its person or an administrator.' },
    REFRESH_TOKEN_REPLAYED: {
      description: 'An old refresh token turned up again, so the sign-in was ended.',
    },
    PROFILE_CHANGED: { description: 'A person changed what they tell about themselves.' },
    EMAIL_CHANGED: { description: 'The address to sign in with was changed.' },
    PASSWORD_CHANGED: { description: 'A person changed their password.' },
    PASSWORD_RESET_SENT: { description: 'A link to choose a new password was sent.' },
    PASSWORD_RESET: { description: 'A new password was chosen by a mailed link.' },
    SECOND_FACTOR_ADDED: { description: 'Codes of an authenticator are needed from now on.' },
    SECOND_FACTOR_REMOVED: { description: 'Codes of an authenticator are no longer needed.' },
    RECOVERY_CODE_USED: { description: 'Somebody signed in by a recovery code.' },
    RECOVERY_CODES_RENEWED: { description: 'New recovery codes replaced the old ones.' },
    TOKEN_CREATED: { description: 'An API token was made.' },
    TOKEN_REVOKED: { description: 'An API token was revoked.' },
    USER_INVITED: { description: 'An invitation was sent.' },
    INVITATION_REVOKED: { description: 'An invitation was taken back.' },
    INVITATION_ACCEPTED: { description: 'An invitation was accepted.' },
    USER_PROMOTED: { description: 'A person became an administrator.' },
    USER_DEMOTED: { description: 'A person is no longer an administrator.' },
    USER_DISABLED: { description: 'An account was switched off.' },
    USER_ENABLED: { description: 'An account was switched on again.' },
    USER_DELETED: { description: 'An account was deleted; its things go to an heir.' },
    TEAM_CREATED: { description: 'A team was made.' },
    TEAM_CHANGED: { description: 'What a team tells about itself was changed.' },
    TEAM_MEMBERS_CHANGED: { description: 'Members came, went or got another level.' },
    TEAM_DELETED: { description: 'A team was deleted; its things go to an heir.' },
    ACCESS_CHANGED: { description: 'Who may see and change a connection was changed.' },
    MAIL_RETRIED: { description: 'A mail was sent once more.' },
    CATALOGUE_CHANGED: {
      description: 'What forms suggest was changed: a service, an option or a provider.',
    },
  },
})

@ObjectType({ description: 'One line of the record of who may do what, and who decided so. Never changed.' })
@Entity({ collection: 'audit' })
@Index({ properties: ['action', '_id'] })
@Index({ properties: ['subject.id', '_id'] as never })
@Index({ properties: ['actor.id', '_id'] as never })
export class AuditEntry {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Field(() => Date, { description: 'When it happened.' })
  @Property({ type: 'datetime' })
  at!: Date

  @Field(() => AuditAction, { description: 'What was done.' })
  @Property({ type: 'string' })
  action!: AuditAction

  @Property({ type: 'json' })
  actor!: Actor

  /** Whom or what it was done to. */
  @Property({ type: 'json', nullable: true })
  subject!: { type: string; id: ObjectId; name: string } | null

  @Field(() => String, { nullable: true, description: 'More about it, as a sentence or a list.' })
  @Property({ type: 'string', nullable: true })
  detail!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Network address that it came from, where that is known.',
  })
  @Property({ type: 'string', nullable: true })
  address!: string | null

  @Field(() => ID, { description: 'Opaque id.', name: 'id' })
  globalId(): string {
    return encodeId('AuditEntry', this._id)
  }

  @Field(() => String, {
    description: 'Who did it: a person, a token, or nobody who is known.',
    name: 'actor',
  })
  actorName(): string {
    return this.actor.name
  }

  @Field(() => String, {
    nullable: true,
    description: 'Whom or what it concerns, by the name of then.',
    name: 'subject',
  })
  subjectName(): string | null {
    return this.subject?.name ?? null
  }
}

const auditOf = (core: Core): Collection<AuditEntry> => core.db.collection('audit')

export interface Audited {
  actor: Actor
  subject?: AuditEntry['subject']
  detail?: string | null
  address?: string | null
}

/** Writes one line. It fails together with what it is about rather than being lost. */
export async function audit(core: Core, action: AuditAction, { actor, subject, detail, address }: Audited) {
  await auditOf(core).insertOne(
    Object.assign(new AuditEntry(), {
      _id: new ObjectId(),
      at: new Date(),
      action,
      actor: { type: actor.type, id: actor.id, name: actor.name },
      subject: subject ?? null,
      detail: detail?.slice(0, 2000) ?? null,
      address: address ?? null,
    }),
  )
}

/** The same for what a session does. */
export const auditOfSession = (session: Session, action: AuditAction, about: Omit<Audited, 'actor'> = {}) =>
  audit(session.core, action, {
    actor: session.actor,
    address: (session as { address?: string }).address,
    ...about,
  })

/** Whether a person has ever done one of these. */
export const hasDone = async (core: Core, person: ObjectId, actions: AuditAction[]): Promise<boolean> =>
  (await auditOf(core).countDocuments({ 'actor.id': person, action: { $in: actions } }, { limit: 1 })) > 0

/** Newest first, for administrators. */
export async function findAudit(
  session: Session,
  args: PageArgs,
  filter: { actions?: AuditAction[] | null; text?: string | null },
): Promise<Page<AuditEntry>> {
  assertAdministrator(session)
  const text = filter.text?.trim() && { $regex: escapedText(filter.text.trim().slice(0, 200)), $options: 'i' }
  const condition: Filter<AuditEntry> = {
    ...(filter.actions?.length && { action: { $in: filter.actions } }),
    ...(text && {
      $or: ['actor.name', 'subject.name', 'detail', 'address'].map((field) => ({ [field]: text })),
    }),
  }
  const page = await findPage(auditOf(session.core), condition, [{ field: '_id', direction: -1 }], args)
  return mapPage(page, (record) => Object.assign(new AuditEntry(), record))
}
