import type { IncomingMessage, ServerResponse } from 'node:http'
import { Control } from './control.ts'

/** Lets another process turn the handles: `POST /_control` with `{ "do": "addInstances", "with": ["eu-west-1", 5] }`. */
export function answerControl(
  control: Control,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
) {
  try {
    if (request.method === 'GET') return reply(response, 200, { calls: control.calls() })
    const { do: name, with: args = [] } = JSON.parse(body.toString()) as { do: string; with?: unknown[] }
    const handle = name === 'constructor' ? undefined : Control.prototype[name as keyof Control]
    if (typeof handle !== 'function') throw new Error(`The emulator has no handle called ${name}.`)
    const result = (handle as (...args: unknown[]) => unknown).apply(control, args)
    reply(response, 200, { result: result ?? null })
  } catch (error) {
    reply(response, 400, { error: error instanceof Error ? error.message : String(error) })
  }
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
