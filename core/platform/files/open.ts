import type { Config } from '../config.ts'
import { DiskFiles } from './disk.ts'
import { readFilesUrl } from './place.ts'
import type { FileStore } from './store.ts'

/** The store that `FILES_URL` names. Nothing is asked of it yet: one that is away must not keep the process from starting. */
export async function openFiles(
  config: Pick<Config, 'FILES_URL' | 'FILES_ACCESS_KEY' | 'FILES_SECRET_KEY'>,
): Promise<FileStore> {
  const place = readFilesUrl(config.FILES_URL)
  if (place.kind === 'FOLDER') return new DiskFiles(place.folder)
  // The SDK costs a folder's installation memory and time that it does not need.
  const { S3Files } = await import('./s3.ts')
  const { FILES_ACCESS_KEY: accessKeyId, FILES_SECRET_KEY: secretAccessKey } = config
  return new S3Files(place, accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined)
}
