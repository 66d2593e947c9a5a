import { entities } from '../../../core/entities.ts'
import { parseConfig } from '../../../core/platform/config.ts'
import { openCore } from '../../../core/platform/core.ts'
import { hydrateRun, runsOf } from '../../../core/runs/run.ts'
import { announce } from '../../../core/runs/watch.ts'
import { ObjectId } from 'mongodb'

export interface Order {
  run: string
  /** Whole runs as workers report them, or bare messages of the given size. */
  how: 'announce' | { channel: string; bytes: number }
  times: number
  pauseMs: number
}

/** Stands for a worker: reports as often as it is told to, each time with the moment of doing so. */
const core = await openCore('workers', parseConfig(process.env), entities)
process.on('message', (order: Order) => {
  void report(order).then(() => process.send!({ done: true }))
})
process.send!({})

async function report({ run: id, how, times, pauseMs }: Order) {
  const run = hydrateRun((await runsOf(core).findOne({ _id: new ObjectId(id) }))!)
  for (let time = 0; time < times; time++) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    const now = process.hrtime.bigint().toString()
    if (how === 'announce') {
      run.title = now
      announce(core, run)
    } else {
      await core.redis.publish(how.channel, now.padEnd(how.bytes))
    }
  }
}
