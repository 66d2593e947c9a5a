import { requirePermission } from '../accounts.ts'
import type { Call } from '../actions.ts'
import { Fault } from '../fault.ts'
import { escapeXml } from '../render.ts'
import type { Service } from '../service.ts'
import type { Thing } from '../shelves.ts'
import { elementsOf, type ItemNames } from './elements.ts'
import { inOwnWords } from './ownWords.ts'

export interface QueryApi {
  /** Of its permissions, such as `rds`. */
  prefix: string
  namespace: string
  itemNames: ItemNames
  actions: Record<string, (call: Call) => Promise<Thing>>
}

/** A service that takes forms and answers XML. Two APIs under one name are told apart by their version. */
export const queryService = (apis: Record<string, QueryApi>): Service => ({
  async answer(call) {
    const action = call.params.get('Action') ?? ''
    const version = call.params.get('Version') ?? ''
    const api = apis[version]
    const perform = api?.actions[action]
    if (!api || !perform)
      throw new Fault(
        400,
        'InvalidAction',
        `Could not find operation ${action} for version ${version || 'NO_VERSION'}`,
      )
    requirePermission(call.account, `${api.prefix}:${action}`)
    const result = elementsOf(await perform(call), api.itemNames)
    return {
      contentType: 'text/xml',
      body:
        `<${action}Response xmlns="${api.namespace}"><${action}Result>${result}</${action}Result>` +
        `<ResponseMetadata><RequestId>${call.requestId}</RequestId></ResponseMetadata></${action}Response>`,
    }
  },
  refuse(fault, { requestId, params }) {
    const { status, code, message } = inOwnWords(fault, {
      unknownKey: [403, 'InvalidClientTokenId'],
      denied: [403, 'AccessDenied'],
      expired: [403, 'ExpiredToken'],
      throttled: [400, 'Throttling'],
      broken: [500, 'InternalFailure'],
    })
    const namespace = apis[params.get('Version') ?? '']?.namespace ?? ''
    return {
      contentType: 'text/xml',
      status,
      body:
        `<ErrorResponse xmlns="${namespace}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
        `<Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    }
  },
})

/**
 * How many things a request wants on a page.
 *
 * @throws Fault when it is not a number that the service takes
 */
export function sizeIn(
  text: string | null | undefined,
  [smallest, largest]: [number, number],
  fallback = largest,
): number {
  if (text === null || text === undefined || text === '') return fallback
  const size = Number(text)
  if (Number.isInteger(size) && size >= smallest && size <= largest) return size
  throw new Fault(400, 'ValidationError', `The page size ${text} is not between ${smallest} and ${largest}.`)
}

/** The values of a list in a form, such as `Names.member.1` and `Names.member.2`. */
export function membersOf(params: URLSearchParams, name: string, item = 'member'): string[] {
  const values: string[] = []
  for (let i = 1; params.has(`${name}.${item}.${i}`); i++) values.push(params.get(`${name}.${item}.${i}`)!)
  return values
}
