import { entities } from '../core/entities.ts'
import { parseConfig } from '../core/platform/config.ts'
import { openCore } from '../core/platform/core.ts'
import { runProcess } from '../core/platform/process.ts'
import { startWorkers } from './workers.ts'

runProcess(async () => {
  const core = await openCore('workers', parseConfig(process.env), entities)
  const workers = await startWorkers(core)
  core.log.info('The workers are up')
  return {
    ready: {},
    async close() {
      await workers.close()
      await core.close()
    },
  }
})
