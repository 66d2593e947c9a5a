import type { Call } from './actions.ts'
import type { Fault } from './fault.ts'

export interface Reply {
  contentType: string
  body: string
  status?: number
  headers?: Record<string, string>
}

/** A service of the cloud, under the name that signatures give it. */
export interface Service {
  /** @throws Fault */
  answer(call: Call): Promise<Reply>
  /** A refusal in the protocol of this service. */
  refuse(fault: Fault, call: Pick<Call, 'requestId' | 'params'>): Reply
}
