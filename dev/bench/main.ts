/** Measures, and prints one line of JSON for each result. See docs/design.md, "Measured". */
import { parseArgs } from 'node:util'
import { access } from './access.ts'
import { Bench } from './bench.ts'
import { importFile } from './importFile.ts'
import { ingest } from './ingest.ts'
import { list } from './list.ts'
import { live } from './live.ts'
import { recrawl } from './recrawl.ts'
import type { Workload } from './workload.ts'

const workloads: Workload[] = [ingest, recrawl, importFile, list, access, live]

const usage = `npm run bench -- [--long] [NAME…]

  --list   names the workloads
  --long   full sizes

Each result is one line of JSON; the process ends with 1 when a target does not hold.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, long: { type: 'boolean' }, help: { type: 'boolean' } },
})
const unknown = positionals.filter((name) => !workloads.some((workload) => workload.name === name))

if (values.help) console.log(usage)
else if (values.list) for (const { name, description } of workloads) console.log(`${name}  ${description}`)
else if (unknown.length) {
  console.error(
    `There is no workload called ${unknown.join(' or ')}. Known: ${workloads.map(({ name }) => name).join(', ')}.`,
  )
  process.exitCode = 1
} else process.exitCode = await measure()

async function measure(): Promise<number> {
  const bench = await Bench.open(values.long ?? false)
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= bench.close())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
    process.once(signal, () => void stop().finally(() => process.exit(1)))
  try {
    for (const workload of workloads) {
      if (positionals.length && !positionals.includes(workload.name)) continue
      bench.workload = workload.name
      await workload.run(bench)
      await bench.release()
    }
    return bench.failed ? 1 : 0
  } finally {
    process.removeAllListeners('disconnect')
    await stop()
  }
}
