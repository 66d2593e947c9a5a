import { Field, InputType, ObjectType } from 'type-graphql'
import { Upload } from '../../core/accounts/upload.ts'
import { Payload } from '../userErrors.ts'

@InputType({ description: 'A file that is about to be sent.' })
export class UploadCreateInput {
  @Field(() => String, { description: "The file's name; at most 200 characters." })
  name!: string
}

@ObjectType({
  description: "PUT the file's bytes to url within its life time, then name upload.id where it is used.",
})
export class UploadCreatePayload extends Payload {
  @Field(() => Upload, { nullable: true, description: 'The announced file.' })
  upload?: Upload | null

  @Field(() => String, {
    nullable: true,
    description:
      'Path on this server that takes the bytes, at most 25 MiB, for ten minutes and for this sign-in.',
  })
  url?: string | null
}
