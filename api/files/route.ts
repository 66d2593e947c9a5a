import { pipeline } from 'node:stream/promises'
import { Router } from 'express'
import { openFile } from '../../core/accounts/fileUrls.ts'
import type { Core } from '../../core/platform/core.ts'
import { refuseFile } from './refuse.ts'

/** Gives out the files whose URLs the API has made. Whatever is in them, it never runs in the browser. */
export function fileRoute(core: Core): Router {
  const router = Router()
  router.get('/files/{*key}', async (request, response) => {
    const part = (name: string) => String(request.query[name] ?? '')
    const { content, type, seconds } = await openFile(core, {
      key: keyIn(request.params.key),
      holder: part('holder'),
      expires: part('expires'),
      signature: part('signature'),
    })
    response.set({
      'content-type': type ?? 'application/octet-stream',
      'content-disposition': type ? 'inline' : 'attachment',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': `private, max-age=${seconds}`,
    })
    await pipeline(content, response)
  })
  return router.use('/files', refuseFile(core, 'The file could not be read.'))
}

const keyIn = (segments: string | string[] | undefined) => [segments ?? []].flat().join('/')
