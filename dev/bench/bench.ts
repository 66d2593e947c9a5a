import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { startServices, type Services } from '../services/services.ts'
import { type Measurement, resultLine } from './workload.ts'

interface Stoppable {
  stop(): Promise<void>
}

/** What workloads share: services on data of their own, and a way to stop everything that they have started. */
export class Bench {
  private readonly owned: Stoppable[] = []
  workload = ''
  failed = 0

  private constructor(
    /** Full sizes. */
    readonly long: boolean,
    readonly folder: string,
    readonly services: Services,
    readonly mongo: MongoClient,
  ) {}

  static async open(long: boolean): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'maestro-bench-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    const services = await startServices({ dataDir: folder })
    const mongo = new MongoClient(services.mongoUri, { ignoreUndefined: true })
    return new Bench(long, folder, services, mongo)
  }

  /** Stopped at the end of the workload at the latest. */
  own<T extends Stoppable>(thing: T): T {
    this.owned.push(thing)
    return thing
  }

  newDatabase = () => `bench-${randomBytes(6).toString('hex')}`

  report(measurement: Measurement) {
    const line = resultLine(this.workload, measurement)
    if (!line.holds) this.failed++
    console.log(JSON.stringify(line))
  }

  /** For whoever waits; the results alone go to the standard output. */
  say(line: string) {
    console.error(`  ${this.workload}: ${line}`)
  }

  async release() {
    for (let last = this.owned.pop(); last; last = this.owned.pop()) await last.stop()
  }

  async close() {
    await this.release()
    await this.mongo.close()
    await this.services.stop()
  }
}
