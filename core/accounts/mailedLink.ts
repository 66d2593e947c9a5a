import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { hashFamily, newFamily } from './tokens.ts'

/** What a link in a mail is good for. */
type Purpose = 'PASSWORD_RESET' | 'EMAIL_CHANGE'

export const linkMinutes = 30

/** A link that was mailed to a person: random, good once and for half an hour, stored as a hash. */
@Entity({ collection: 'mailedLinks' })
@Unique({ properties: ['user', 'purpose'] })
export class MailedLink {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  purpose!: Purpose

  @Property({ type: 'string' })
  @Unique()
  hash!: string

  @Property({ type: 'ObjectId' })
  user!: ObjectId

  /** Address that the link was sent to; a link for an earlier address of the account is worth nothing. */
  @Property({ type: 'string' })
  email!: string

  @Property({ type: 'datetime' })
  @Index()
  expiresAt!: Date
}

const linksOf = (core: Core): Collection<MailedLink> => core.db.collection('mailedLinks')

/** The secret for a new link; the one that was sent before is worth nothing from now on. */
export async function newLink(core: Core, purpose: Purpose, user: ObjectId, email: string): Promise<string> {
  const secret = newFamily()
  await linksOf(core).updateOne(
    { user, purpose },
    {
      $set: { hash: hashFamily(secret), email, expiresAt: new Date(Date.now() + linkMinutes * 60_000) },
      $setOnInsert: { _id: new ObjectId() },
    },
    { upsert: true },
  )
  return secret
}

/** Uses a link up. Null when it was used before, has run out, or is none. */
export const useLink = (core: Core, purpose: Purpose, secret: string): Promise<MailedLink | null> =>
  linksOf(core).findOneAndDelete({ purpose, hash: hashFamily(secret), expiresAt: { $gt: new Date() } })

/** Takes back what was mailed to a person. */
export const dropLinks = (core: Core, user: ObjectId) => linksOf(core).deleteMany({ user })

export const sweepLinks = (core: Core) => linksOf(core).deleteMany({ expiresAt: { $lte: new Date() } })
