import { AssetStatus } from '../../inventory/asset.ts'

const { ACTIVE, STOPPED, DEGRADED, PLANNED, UNKNOWN } = AssetStatus

/** What the words of AWS mean; a word that nobody knows yet means UNKNOWN. */
const words: Record<string, AssetStatus | 'ENDED'> = {
  pending: ACTIVE,
  running: ACTIVE,
  available: ACTIVE,
  active: ACTIVE,
  'in-use': ACTIVE,
  associated: ACTIVE,
  attaching: ACTIVE,
  creating: ACTIVE,
  completed: ACTIVE,
  recoverable: STOPPED,
  recovering: ACTIVE,
  provisioning: ACTIVE,
  'initiating-request': PLANNED,
  'pending-acceptance': PLANNED,
  pendingacceptance: PLANNED,
  partial: DEGRADED,
  detaching: ACTIVE,
  stopping: STOPPED,
  stopped: STOPPED,
  disabled: STOPPED,
  error: DEGRADED,
  failed: DEGRADED,
  invalid: DEGRADED,
  transient: ACTIVE,
  'shutting-down': 'ENDED',
  terminated: 'ENDED',
  deleting: 'ENDED',
  deleted: 'ENDED',
  deregistered: 'ENDED',
  rejected: 'ENDED',
  expired: 'ENDED',
}

/** `endings` are further words, in lower case, after which nothing comes for this type of thing. */
export function standingOf(word: string | undefined, ...endings: string[]) {
  const lower = word?.toLowerCase() ?? ''
  const meaning = endings.includes(lower) ? 'ENDED' : (words[lower] ?? UNKNOWN)
  return meaning === 'ENDED' ? { status: UNKNOWN, ended: true } : { status: meaning, ended: false }
}
