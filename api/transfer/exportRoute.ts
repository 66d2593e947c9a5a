import { pipeline } from 'node:stream/promises'
import { Router } from 'express'
import type { Core } from '../../core/platform/core.ts'
import { openExport } from '../../core/transfer/exports.ts'
import { refuseFile } from '../files/refuse.ts'

/** Gives out the exports whose URLs `exportCreate` has made, as fast as they are taken. */
export function exportRoute(core: Core): Router {
  const router = Router()
  router.get('/files/exports/:id', async (request, response) => {
    const part = (name: string) => String(request.query[name] ?? '')
    const { name, type, content } = await openExport(core, {
      id: request.params.id,
      holder: part('holder'),
      expires: part('expires'),
      signature: part('signature'),
    })
    response.set({
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
    })
    await pipeline(content, response)
  })
  return router.use('/files', refuseFile(core, 'The export could not be read.'))
}
