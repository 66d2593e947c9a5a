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

export const messages = {
  title: 'Runs',
  emptyTitle: 'Nothing has run yet',
  empty: 'A run is one reading of a connection. Press Sync on a connection to start the first one.',
  toConnections: 'Go to connections',
  cancel: 'Cancel run',
  cancelling: 'Cancelling…',
  again: 'Sync again',
  regions: 'What was read',
  log: 'Log',
  noLog: 'Nothing has been said yet.',
  changes: 'What changed',
  noChanges: 'Nothing changed.',
  quarantine: 'Set aside',
  quarantineHint:
    'Records that could not be read. The rest of their page went through; nothing was retired because of them.',
  alreadyRunning: 'This connection is being synced already; here is that run.',
  everything: 'everything',
}
