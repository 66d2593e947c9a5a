import { Router } from 'express'
import { receiveUpload } from '../../core/accounts/uploads.ts'
import type { Core } from '../../core/platform/core.ts'
import { refuseFile } from '../files/refuse.ts'

/** Takes the bytes of a file whose URL `uploadCreate` has made. */
export function uploadRoute(core: Core): Router {
  const router = Router()
  router.put('/files/uploads/:id', async (request, response) => {
    const part = (name: string) => String(request.query[name] ?? '')
    const signed = {
      id: request.params.id,
      holder: part('holder'),
      expires: part('expires'),
      signature: part('signature'),
    }
    const announced = Number(request.headers['content-length'] ?? 0)
    const upload = await receiveUpload(core, signed, request, announced)
    response.json({ id: upload.globalId(), name: upload.name, sizeBytes: upload.sizeBytes })
  })
  return router.use('/files', refuseFile(core, 'The file could not be stored. Nothing was kept.'))
}
