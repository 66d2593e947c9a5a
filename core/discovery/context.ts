import type { ObjectId } from 'mongodb'
import { Upload } from '../accounts/upload.ts'
import type { Core } from '../platform/core.ts'
import { Problem } from '../platform/errors.ts'
import { unseal } from '../platform/secrets.ts'
import type { Connection } from './connection.ts'
import type { CrawlContext } from './crawler.ts'

/** What a crawler gets to work with; the secrets are opened here and nowhere else. */
export async function openContext(
  core: Core,
  connection: Pick<Connection, 'regions' | 'settings' | 'secrets' | 'uploads'>,
  signal: AbortSignal,
): Promise<CrawlContext> {
  const secrets = Object.entries(connection.secrets).map(([name, sealed]) => [
    name,
    unseal(core.config.SECRETS_KEY, sealed),
  ])
  return {
    config: core.config,
    settings: { ...connection.settings, ...(Object.fromEntries(secrets) as Record<string, string>) },
    regions: connection.regions,
    files: core.files,
    uploads: await uploadsOf(core, connection.uploads),
    signal,
    turn: () => Promise.resolve(),
    throttled: () => undefined,
  }
}

async function uploadsOf(core: Core, ids: ObjectId[]) {
  if (!ids.length) return []
  const uploads = await core.orm.em.fork().find(Upload, { _id: { $in: ids } })
  if (uploads.length < ids.length)
    throw new Problem(
      'FILES_GONE',
      `${ids.length - uploads.length} of the uploaded files are no longer there, so nothing was read.`,
      'Upload the files again in the settings of the connection.',
    )
  return uploads.map(({ name, path }) => ({ name, path }))
}
