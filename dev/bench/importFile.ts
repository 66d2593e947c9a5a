import type { ObjectId } from 'mongodb'
import { type Maestro, startMaestro, watch } from './maestro.ts'
import { runFloor } from './process.ts'
import { medians, type Took } from './took.ts'
import { rounded, type Workload } from './workload.ts'

const target = 0.3

/** A file of new rows against inserting what comes out of it; then the same file again, which must write nothing. */
export const importFile: Workload = {
  name: 'import',
  description:
    'an import of new rows, against inserting the same documents and changes; of unchanged rows; memory',
  async run(bench) {
    const size = bench.long ? 100_000 : 10_000
    const checks: Took[] = []
    const applies: Took[] = []
    const inserts: Took[] = []
    let written = 0
    let peak = 0
    for (let round = 1; round <= 2; round++) {
      const maestro = await startMaestro(bench)
      const worker = await maestro.startWorker()
      await maestro.ask(
        'mutation { datacenterCreate(input: { name: "Dublin", provider: "AWS" }) { userErrors { message } } }',
      )
      const content = rowsOf(size)
      const order = await begin(maestro, content)
      checks.push(await timed(maestro, 'Check', order, worker.cpuTime))
      applies.push(await timed(maestro, 'Apply', order, worker.cpuTime))
      peak = Math.max(peak, worker.peakMemory())
      const input = { uri: bench.services.mongoUri, from: maestro.db.databaseName, into: bench.newDatabase() }
      inserts.push(await runFloor<Took>(bench, 'insertFinal', input))
      const [check, apply, insert] = [checks, applies, inserts].map((all) => Math.round(all.at(-1)!.ms))
      bench.say(`checked in ${check} ms, applied in ${apply} ms, inserted in ${insert} ms`)

      const before = await newest(maestro)
      const again = await begin(maestro, content)
      await timed(maestro, 'Check', again, worker.cpuTime)
      await timed(maestro, 'Apply', again, worker.cpuTime)
      written += await maestro.db.collection('changes').countDocuments({ _id: { $gt: before } })
      if ((await maestro.db.collection('assets').countDocuments({ kind: 'SERVER' })) !== size)
        throw new Error('The import did not make as many servers as there are rows.')
      await worker.stop()
      await maestro.stop()
    }
    const [check, apply, insert] = [checks, applies, inserts].map(medians) as [Took, Took, Took]
    bench.report({
      measure: 'rate of an import of new rows, check and all',
      value: insert.ms / (check.ms + apply.ms),
      unit: 'ratio',
      atLeast: target,
      floor: 'inserting the documents and their changes by the raw driver',
      detail: {
        rows: size,
        check,
        apply,
        insert,
        applyAlone: rounded(insert.ms / apply.ms),
        peakMiB: rounded(peak),
      },
    })
    bench.report({
      measure: 'changes written by an import of unchanged rows',
      value: written,
      unit: 'changes',
      atMost: 0,
      floor: `the same ${size} rows again`,
      detail: { rows: size },
    })
  },
}

function rowsOf(size: number): string {
  const rows = Array.from(
    { length: size },
    (_, n) =>
      `web-${n},role-${n % 50},${['production', 'staging', 'test'][n % 3]},${1 << (n % 6)},${4 << (n % 4)},10.${n >> 16}.${(n >> 8) & 255}.${n & 255},Dublin,team=t${n % 20}; cost=c${n % 9}`,
  )
  return ['name,role,environment,cpu,memoryGiB,ipv4Private,datacenter,tags', ...rows].join('\n')
}

async function begin({ url, ask }: Maestro, content: string): Promise<string> {
  const { uploadCreate } = await ask<{ uploadCreate: { url: string; upload: { id: string } } }>(
    'mutation { uploadCreate(input: { name: "servers.csv" }) { url upload { id } } }',
  )
  const sent = await fetch(`${url}${uploadCreate.url}`, { method: 'PUT', body: content })
  if (!sent.ok) throw new Error(await sent.text())
  const { importCreate } = await ask<{ importCreate: { import: { id: string } } }>(
    'mutation ($upload: ID!) { importCreate(input: { kind: SERVER, upload: $upload }) { import { id } userErrors { message } } }',
    { upload: uploadCreate.upload.id },
  )
  return importCreate.import.id
}

async function timed(
  { url, token, ask }: Maestro,
  what: 'Check' | 'Apply',
  id: string,
  cpuTime: () => number,
): Promise<Took> {
  const cpuBefore = cpuTime()
  const mode = what === 'Apply' ? ', mode: ALL_OR_NOTHING' : ''
  const { answer } = await ask<{ answer: { run: { id: string } } }>(
    `mutation ($id: ID!) { answer: import${what}(input: { id: $id${mode} }) { run { id } userErrors { message } } }`,
    { id },
  )
  const { ms } = await watch(url, token, answer.run.id)
  return { ms, cpuMs: cpuTime() - cpuBefore }
}

async function newest({ db }: Maestro): Promise<ObjectId> {
  const [change] = await db.collection('changes').find().sort({ _id: -1 }).limit(1).toArray()
  return change!._id
}
