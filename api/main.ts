import { entities } from '../core/entities.ts'
import { parseConfig } from '../core/platform/config.ts'
import { openCore } from '../core/platform/core.ts'
import { runProcess } from '../core/platform/process.ts'
import { startApi } from './server.ts'

runProcess(async () => {
  const core = await openCore('api', parseConfig(process.env), entities)
  const api = await startApi(core)
  core.log.info({ url: api.url }, 'The API is up')
  return {
    ready: { url: api.url },
    async close() {
      await api.close()
      await core.close()
    },
  }
})
