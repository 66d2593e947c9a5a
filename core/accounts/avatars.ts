import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Core } from '../platform/core.ts'
import { fault, NotFound } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import { reencodeImage } from './image.ts'
import { Upload } from './upload.ts'
import { getUploads, openUpload } from './uploads.ts'

/** No picture of this size that we have drawn ourselves comes near. */
const maxBytes = 1024 * 1024

/**
 * Makes an avatar of a file that the actor has sent, which is gone afterwards. Nobody sees the avatar before its key is
 * saved; when that fails, give it to {@link dropAvatar}.
 *
 * @returns key in the file store
 * @throws UserFault for `avatar` when it is no upload of the actor, or no picture
 */
export async function keepAvatar(session: Session, uploadId: string): Promise<string> {
  const { core } = session
  const upload = await uploadOf(session, uploadId)
  const picture = await reencodeImage(await openUpload(core, upload))
  // Nobody guesses the key, and a browser never mistakes a new picture for the old one.
  const key = `avatars/${randomBytes(16).toString('hex')}`
  await core.files.write(key, Readable.from([picture]), maxBytes)
  await session.em.nativeDelete(Upload, { _id: upload._id })
  await removeQuietly(core, upload.path)
  return key
}

/** For one that was replaced or whose owner is gone. It is out of sight already, so a failure is only noted. */
export async function dropAvatar(core: Core, key: string | null | undefined): Promise<void> {
  if (key) await removeQuietly(core, key)
}

async function uploadOf(session: Session, id: string): Promise<Upload> {
  try {
    const [upload] = await getUploads(session, [id])
    return upload!
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    throw fault('NOT_FOUND', 'avatar', 'There is no such upload of yours, or it has not arrived yet.')
  }
}

const removeQuietly = (core: Core, key: string) =>
  core.files.remove(key).catch((error: unknown) => {
    core.log.warn({ error, key }, 'A file that is no longer used could not be removed')
  })
