import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { OptionalProps } from '@mikro-orm/mongodb'
import { ObjectId } from 'mongodb'
import { Field, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql'
import { encodeId } from '../platform/ids.ts'

@Entity({ collection: 'uploads' })
@ObjectType({ description: 'A file that a person has sent, for a connection or an import to read.' })
export class Upload {
  [OptionalProps]?: '_id' | 'sizeBytes' | 'createdAt' | 'path'

  @PrimaryKey({ type: 'ObjectId' })
  _id: ObjectId = new ObjectId()

  @Field(() => ID, { name: 'id', description: 'Opaque id, to name the file where it is used.' })
  globalId(): string {
    return encodeId('Upload', this._id)
  }

  @Field(() => String, { description: "The file's name on the sender's machine, without folders." })
  @Property({ type: 'string' })
  name!: string

  @Field(() => Int, { description: 'Size in bytes; 0 until the file has arrived.' })
  @Property({ type: 'integer' })
  sizeBytes: number = 0

  @Field(() => GraphQLISODateTime, { description: 'When the upload was announced.' })
  @Property({ type: 'Date' })
  @Index()
  createdAt: Date = new Date()

  /** Person or team that has sent it and alone may use it. */
  @Property({ type: 'ObjectId' })
  owner!: ObjectId

  /** Set when the whole file has arrived. */
  @Property({ type: 'Date', nullable: true })
  receivedAt?: Date | null

  /** Key in the file store. */
  get path(): string {
    return `uploads/${this._id.toHexString()}`
  }
}
