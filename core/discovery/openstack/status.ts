import { AssetStatus } from '../../inventory/asset.ts'

/** What a word of OpenStack means; a word that nobody knows yet means UNKNOWN. */
export interface Standing {
  status: AssetStatus
  /** It is gone, or on its way. */
  ended: boolean
}

const { ACTIVE, STOPPED, DEGRADED, PLANNED, UNKNOWN } = AssetStatus

const words: Record<string, AssetStatus | 'ENDED'> = {
  // Servers
  active: ACTIVE,
  build: ACTIVE,
  hard_reboot: ACTIVE,
  migrating: ACTIVE,
  password: ACTIVE,
  reboot: ACTIVE,
  rebuild: ACTIVE,
  resize: ACTIVE,
  revert_resize: ACTIVE,
  verify_resize: ACTIVE,
  shutoff: STOPPED,
  stopped: STOPPED,
  suspended: STOPPED,
  paused: STOPPED,
  shelved: STOPPED,
  shelved_offloaded: STOPPED,
  rescue: DEGRADED,
  error: DEGRADED,
  deleted: 'ENDED',
  soft_deleted: 'ENDED',
  // Volumes and snapshots
  creating: ACTIVE,
  available: ACTIVE,
  reserved: ACTIVE,
  attaching: ACTIVE,
  detaching: ACTIVE,
  'in-use': ACTIVE,
  maintenance: STOPPED,
  'awaiting-transfer': ACTIVE,
  'backing-up': ACTIVE,
  'restoring-backup': ACTIVE,
  restoring: ACTIVE,
  downloading: ACTIVE,
  uploading: ACTIVE,
  retyping: ACTIVE,
  extending: ACTIVE,
  unmanaging: ACTIVE,
  deleting: 'ENDED',
  // Images
  queued: PLANNED,
  saving: ACTIVE,
  importing: ACTIVE,
  deactivated: STOPPED,
  killed: DEGRADED,
  pending_delete: 'ENDED',
  // Networks and load balancers
  allocating: ACTIVE,
  down: STOPPED,
  degraded: DEGRADED,
  online: ACTIVE,
  draining: ACTIVE,
  no_monitor: ACTIVE,
  offline: STOPPED,
  pending_create: ACTIVE,
  pending_update: ACTIVE,
}

export function standingOf(word: string | undefined): Standing {
  const lower = word?.toLowerCase() ?? ''
  const meaning = words[lower] ?? (lower.startsWith('error') ? DEGRADED : UNKNOWN)
  return meaning === 'ENDED' ? { status: UNKNOWN, ended: true } : { status: meaning, ended: false }
}
