import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { OptionalProps } from '@mikro-orm/mongodb'
import { ObjectId } from 'mongodb'

/** One browser or script that is signed in. Removing the record ends it. */
@Entity({ collection: 'authSessions' })
export class AuthSession {
  [OptionalProps]?: '_id' | 'generation' | 'createdAt'

  @PrimaryKey({ type: 'ObjectId' })
  _id: ObjectId = new ObjectId()

  @Property({ type: 'ObjectId' })
  @Index()
  user!: ObjectId

  /** Hash of the secret that all refresh tokens of this session share. */
  @Property({ type: 'string' })
  @Unique()
  familyHash!: string

  /** Counts the refresh tokens; only the newest is good. */
  @Property({ type: 'integer' })
  generation: number = 1

  @Property({ type: 'Date' })
  rotatedAt!: Date

  @Property({ type: 'Date' })
  createdAt: Date = new Date()

  @Property({ type: 'Date' })
  @Index()
  expiresAt!: Date
}
