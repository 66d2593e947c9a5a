import { ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'

const channel = 'accounts:callers'

interface CallerChange {
  /** Sign-ins and tokens that have ended. */
  ended?: string[]
  /** Users whose teams, rights or account were changed. */
  changed?: string[]
}

/** Tells every process that sign-ins or tokens have ended, so that their sockets close at once. */
export const announceEnded = (core: Core, credentials: ObjectId[]) =>
  tell(core, { ended: credentials.map((id) => id.toHexString()) })

/** Tells every process to read again what these people may do, for what they have open. */
export const announceChanged = (core: Core, users: ObjectId[]) =>
  tell(core, { changed: users.map((id) => id.toHexString()) })

const tell = (core: Core, change: CallerChange) => core.live.publish(channel, change)

/** Calls back whenever one of the two is told; the answer ends it. */
export const onCallerChange = (core: Core, listener: (change: CallerChange) => void) =>
  core.live.listen(channel, (message) => listener(JSON.parse(message) as CallerChange))
