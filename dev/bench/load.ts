import { Agent, request } from 'node:http'

export interface Target {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body: string
}

/** Requests per second that `connections` get answered one after another for so long. */
export async function load(target: Target, connections: number, forMs: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const started = performance.now()
  let answered = 0
  const work = async () => {
    while (performance.now() - started < forMs) {
      await once(target, agent)
      answered++
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  const seconds = (performance.now() - started) / 1000
  agent.destroy()
  return answered / seconds
}

/** One answer's size, or its text where that is wanted. */
export function once(
  { url, method, headers, body }: Target,
  agent?: Agent,
): Promise<{ bytes: number; text(): string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        bytes += chunk.length
      })
      response.once('end', () =>
        response.statusCode === 200
          ? resolve({ bytes, text: () => Buffer.concat(chunks).toString() })
          : reject(new Error(`${url} answered ${response.statusCode}: ${Buffer.concat(chunks).toString()}`)),
      )
      response.once('error', reject)
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
