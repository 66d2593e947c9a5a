import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { createUpload } from '../../core/accounts/uploads.ts'
import { payload } from '../userErrors.ts'
import { UploadCreateInput, UploadCreatePayload } from './types.ts'

@Resolver()
export class UploadsResolver {
  @Mutation(() => UploadCreatePayload, { description: 'Announces a file and answers where to send it.' })
  uploadCreate(
    @Arg('input', () => UploadCreateInput, { description: 'The file.' }) input: UploadCreateInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(() => createUpload(session, input))
  }
}
