import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** The other side of webhooks: notes what it is sent, and answers 200 unless told otherwise. */
export async function startReceiver() {
  const received: Received[] = []
  let answer = (response: ServerResponse, _call: Received) => void response.end('thank you')
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = {
        method: request.method!,
        path: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      received.push(call)
      answer(response, call)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer(with_: typeof answer) {
      answer = with_
    },
    status(status: number, headers: Record<string, string> = {}) {
      answer = (response) => void response.writeHead(status, headers).end('no')
    },
    well() {
      answer = (response) => void response.end('thank you')
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As the standard tells receivers to check, written here once more on purpose. */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const said = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const age = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']))
  const right = `v1,${createHmac('sha256', key).update(said).digest('base64')}`
  return age < 300 && headers['webhook-signature'] === right
}
