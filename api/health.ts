import type { RequestHandler } from 'express'
import type { Core } from '../core/platform/core.ts'

/** Whether this process can do its work, for whoever keeps it running. */
export const health =
  (core: Core): RequestHandler =>
  async (_request, response) => {
    const [database, redis] = await Promise.all([
      answers(core.db.command({ ping: 1 }, { timeoutMS: 2_000 })),
      answers(core.redis.ping()),
    ])
    response
      .status(database && redis ? 200 : 503)
      .set('cache-control', 'no-store')
      .json({ ok: database && redis, database, redis })
  }

const answers = (asked: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    asked.then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(resolve, 2_000, false).unref()),
  ])
