import { type Job, Worker } from 'bullmq'
import { sweepSessions } from '../core/accounts/sessions.ts'
import { sweepUploads } from '../core/accounts/uploads.ts'
import { sweepApiTokens } from '../core/accounts/apiTokens.ts'
import { sweepInvitations } from '../core/accounts/invitations.ts'
import { sweepLinks } from '../core/accounts/mailedLink.ts'
import { sweepPlans } from '../core/discovery/plan.ts'
import { sweepBulkEdits } from '../core/bulk/bulkEdit.ts'
import { recover } from '../core/history/commit.ts'
import { compactHistory } from '../core/history/compact.ts'
import { type Core, queuePrefix } from '../core/platform/core.ts'
import { openMailer } from '../core/platform/mail/open.ts'
import { deliverMail } from '../core/platform/mail/deliver.ts'
import { mailQueue } from '../core/platform/mail/send.ts'
import { sweepMail } from '../core/platform/mail/sweep.ts'
import { openPatientRedis } from '../core/platform/redis.ts'
import { perform } from '../core/runs/perform.ts'
import { recoverRuns } from '../core/runs/recover.ts'
import { deliver } from '../core/scheduling/deliver.ts'
import { deliveryQueue, sweepDeliveries } from '../core/scheduling/deliveries.ts'
import { scheduleAll } from '../core/scheduling/schedules.ts'
import { sweepOccurrences } from '../core/scheduling/occurrence.ts'
import { tick } from '../core/scheduling/tick.ts'
import { tickOwn } from '../core/scheduling/tickOwn.ts'
import { sweepImports } from '../core/transfer/imports.ts'
import { carry } from './carry.ts'
import { handlers } from './handlers.ts'

const lockMs = 10_000
const sweepMs = 15_000
const scheduleQueue = 'schedules'
const tickMs = 5_000

/** Takes runs from the queues and looks after what crashes have left behind. */
export async function startWorkers(core: Core): Promise<{ close(): Promise<void> }> {
  await recover(core)
  const connection = openPatientRedis(core.config.REDIS_URL)
  connection.on('error', () => undefined)
  const mailer = openMailer(core.config)
  const jobs: Record<string, (job: Job, token?: string) => Promise<void>> = {
    ...Object.fromEntries(
      Object.entries(handlers).map(([kind, work]) => [kind, (job: Job) => perform(core, job, work)]),
    ),
    [mailQueue]: carry((id) => deliverMail(core, mailer, id)),
    [deliveryQueue]: carry((id) => deliver(core, id)),
    [scheduleQueue]: async () => {
      await tick(core)
      await tickOwn(core)
    },
  }
  const workers = Object.entries(jobs).map(([kind, work]) => {
    const worker = new Worker(kind, work, {
      connection,
      prefix: queuePrefix(core.config),
      concurrency: core.config.WORKER_CONCURRENCY,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: 100,
    })
    worker.on('error', (error) => core.log.warn({ error: error.message }, 'A queue is away; trying again'))
    return worker
  })
  await Promise.all(workers.map((worker) => worker.waitUntilReady()))
  await scheduleAll(core)
  // Every worker says so; there is one beat all the same, and whichever worker is free follows it.
  await core.queue(scheduleQueue).upsertJobScheduler('tick', { every: tickMs })

  const tidy = () =>
    Promise.all([
      recover(core),
      recoverRuns(core),
      sweepSessions(core),
      sweepUploads(core),
      sweepLinks(core),
      sweepInvitations(core),
      sweepApiTokens(core),
      sweepMail(core, mailer),
      sweepImports(core),
      sweepPlans(core),
      compactHistory(core),
      sweepBulkEdits(core),
      sweepDeliveries(core),
      sweepOccurrences(core),
    ]).catch((error: Error) =>
      core.log.warn({ error: error.message }, 'Looking after lost work failed; trying again soon'),
    )
  void tidy()
  const sweep = setInterval(() => void tidy(), sweepMs)
  return {
    async close() {
      clearInterval(sweep)
      await Promise.all(workers.map((worker) => worker.close()))
      mailer.close()
      connection.disconnect()
    },
  }
}
