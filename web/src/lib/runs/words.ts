import type { RunState, ScopeState } from '#lib/gql/generated.ts'

export const RUN: Record<RunState, string> = {
  QUEUED: 'Waiting',
  RUNNING: 'Running',
  SUCCEEDED: 'Succeeded',
  PARTIAL: 'Partly done',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
}

export const SCOPE: Record<ScopeState, string> = {
  WAITING: 'Waiting',
  LISTING: 'Reading',
  SWEEPING: 'Comparing',
  COMPLETE: 'Complete',
  INCOMPLETE: 'Not complete',
  CANCELLED: 'Cancelled',
}
