import { requirePermission } from '../accounts.ts'
import type { Call } from '../actions.ts'
import { Fault } from '../fault.ts'
import { escapeXml } from '../render.ts'
import type { Service } from '../service.ts'
import type { Thing } from '../shelves.ts'
import { elementsOf, type ItemNames } from './elements.ts'
import { readInput, type Input, jsonWords } from './json.ts'
import { inOwnWords, type Words } from './ownWords.ts'

export interface Route {
  method: 'GET' | 'POST'
  /** Matches the whole path; its groups are given, decoded, to `answer`. */
  path: RegExp
  permission: string
  answer(call: Call, parts: string[], input: Input): Promise<Thing>
}

/** A service with paths, which speaks JSON. */
export const restJsonService = (routes: Route[], words: Partial<Words> = {}): Service => ({
  async answer(call) {
    const [result] = await performed(routes, call)
    return { contentType: 'application/json', body: JSON.stringify(result) }
  },
  refuse(fault) {
    const { status, code, message } = inOwnWords(fault, {
      ...jsonWords,
      unknownKey: [403, 'UnrecognizedClientException'],
      denied: [403, 'AccessDeniedException'],
      expired: [403, 'ExpiredTokenException'],
      throttled: [429, 'TooManyRequestsException'],
      broken: [500, 'ServiceException'],
      ...words,
    })
    return {
      contentType: 'application/json',
      status,
      headers: { 'x-amzn-errortype': code },
      body: JSON.stringify({ message }),
    }
  },
})

interface XmlApi {
  namespace: string
  /** Element around an answer, by permission. */
  roots: Record<string, string>
  itemNames: ItemNames
  words: Words
  /** Whether an error stands in an `ErrorResponse`. */
  wrapped: boolean
  routes: Route[]
}

/** A service with paths, which speaks XML. */
export const restXmlService = (api: XmlApi): Service => ({
  async answer(call) {
    const [result, { permission }] = await performed(api.routes, call)
    const root = api.roots[permission]!
    return {
      contentType: 'application/xml',
      body:
        '<?xml version="1.0" encoding="UTF-8"?>\n' +
        `<${root} xmlns="${api.namespace}">${elementsOf(result, api.itemNames, root)}</${root}>`,
    }
  },
  refuse(fault, { requestId }) {
    const { status, code, message } = inOwnWords(fault, api.words)
    const said = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`
    const id = `<RequestId>${requestId}</RequestId>`
    return {
      contentType: 'application/xml',
      status,
      body:
        '<?xml version="1.0" encoding="UTF-8"?>\n' +
        (api.wrapped
          ? `<ErrorResponse xmlns="${api.namespace}"><Error><Type>Sender</Type>${said}</Error>${id}</ErrorResponse>`
          : `<Error>${said}${id}</Error>`),
    }
  },
})

async function performed(routes: Route[], call: Call): Promise<[Thing, Route]> {
  for (const route of routes) {
    const match = route.method === call.method ? route.path.exec(call.path) : null
    if (!match) continue
    requirePermission(call.account, route.permission)
    const input = route.method === 'POST' ? readInput(call.body) : {}
    return [await route.answer(call, match.slice(1).map(decodeURIComponent), input), route]
  }
  throw new Fault(404, 'UnknownOperationException', `There is nothing at ${call.method} ${call.path}.`)
}
