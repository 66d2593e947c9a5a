import { Readable } from 'node:stream'

/** One JSON object in each line. */
export const jsonlFile = (batches: AsyncIterable<Record<string, unknown>[]>): Readable =>
  Readable.from(lines(batches), { objectMode: false })

async function* lines(batches: AsyncIterable<Record<string, unknown>[]>): AsyncGenerator<string> {
  for await (const records of batches) yield records.map((record) => `${JSON.stringify(record)}\n`).join('')
}
