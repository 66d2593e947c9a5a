import { Fault } from '../fault.ts'

/** What a service calls the refusals that all services know, each with its status. */
export type Words = Record<
  'unknownKey' | 'denied' | 'expired' | 'throttled' | 'broken',
  [status: number, code: string]
>

const common: Record<string, keyof Words> = {
  AuthFailure: 'unknownKey',
  UnauthorizedOperation: 'denied',
  RequestExpired: 'expired',
  RequestLimitExceeded: 'throttled',
  InternalError: 'broken',
}

/** A refusal in the words of a service; one that only this service makes stays as it is. */
export function inOwnWords(fault: Fault, words: Words): Fault {
  const meaning = common[fault.code]
  if (!meaning) return fault
  const [status, code] = words[meaning]
  return new Fault(status, code, fault.message)
}
