import type { Call } from '../actions.ts'
import { Fault } from '../fault.ts'
import type { Service } from '../service.ts'
import type { Thing, Value } from '../shelves.ts'
import { requirePermission } from '../accounts.ts'
import { inOwnWords, type Words } from './ownWords.ts'

export type Input = Record<string, Value>

interface JsonApi {
  /** Of its permissions, such as `sqs`. */
  prefix: string
  /** Before the name of an action in `x-amz-target`. */
  target: string
  /** Of the errors, such as `com.amazonaws.sqs`. */
  namespace: string
  version: '1.0' | '1.1'
  words?: Partial<Words>
  actions: Record<string, (call: Call, input: Input) => Promise<Thing>>
}

export const jsonWords: Words = {
  unknownKey: [400, 'UnrecognizedClientException'],
  denied: [400, 'AccessDeniedException'],
  expired: [400, 'ExpiredTokenException'],
  throttled: [400, 'ThrottlingException'],
  broken: [500, 'InternalServerError'],
}

/** A service whose every call is a POST of JSON, with the action in a header. */
export const jsonService = ({ prefix, target, namespace, version, words, actions }: JsonApi): Service => ({
  async answer(call) {
    const [itsTarget, action = ''] = String(call.headers['x-amz-target'] ?? '').split('.')
    const perform = actions[action]
    if (itsTarget !== target || !perform || call.method !== 'POST')
      throw new Fault(400, 'UnknownOperationException', `The operation ${action} is not known.`)
    if (call.headers['content-type'] !== `application/x-amz-json-${version}`)
      throw new Fault(400, 'SerializationException', 'The content type is not the one of this service.')
    requirePermission(call.account, `${prefix}:${action}`)
    const result = await perform(call, readInput(call.body))
    return { contentType: `application/x-amz-json-${version}`, body: withoutAbsent(result) }
  },
  refuse(fault) {
    const { status, code, message } = inOwnWords(fault, { ...jsonWords, ...words })
    const known = ['UnrecognizedClientException', 'ExpiredTokenException', 'AccessDeniedException']
    const shape = known.includes(code) ? 'com.amazon.coral.service' : namespace
    return {
      contentType: `application/x-amz-json-${version}`,
      status,
      body: JSON.stringify({ __type: `${shape}#${code}`, message }),
    }
  },
})

/** @throws Fault when it is no JSON object */
export function readInput(body: Buffer): Input {
  try {
    const value = JSON.parse(body.toString() || '{}') as unknown
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input
  } catch {
    // Refused like anything else that is no object.
  }
  throw new Fault(400, 'SerializationException', 'The body is not a JSON object.')
}

/** JSON in which what is undefined is left out, while null stays null: services do both. */
export const withoutAbsent = (value: Thing) => JSON.stringify(value)
