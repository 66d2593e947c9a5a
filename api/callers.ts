import type { WebSocket } from 'ws'
import { holderOf, sessionOfHolder } from '../core/accounts/authenticate.ts'
import type { CallerSession } from '../core/accounts/caller.ts'
import { onCallerChange } from '../core/accounts/callerChanges.ts'
import type { Core } from '../core/platform/core.ts'
import { NotFound, Unauthenticated } from '../core/platform/errors.ts'

/** A message that was lost, or a sign-in that ran out, is noticed after this time. */
const usualMs = 60_000

interface Open {
  session: CallerSession
  workspace: string | undefined
  socket: WebSocket
}

/**
 * Keeps what sockets may do equal to what their callers may do, in whatever process that changes: they close as soon as
 * the sign-in or token ends, and feel it when teams change.
 */
export async function watchCallers(core: Core, lookAgainMs = usualMs) {
  const open = new Set<Open>()

  const close = ({ socket }: Open) => socket.close(4403, 'Your sign-in has ended.')
  const lookAgain = async (some: Iterable<Open>) => {
    for (const one of some) {
      try {
        const { caller, reach } = await sessionOfHolder(core, holderOf(one.session), one.workspace)
        // Whatever is open shares these two objects.
        Object.assign(one.session.caller, caller)
        Object.assign(one.session.reach, reach)
      } catch (error) {
        if (!(error instanceof Unauthenticated) && !(error instanceof NotFound)) throw error
        close(one)
      }
    }
  }
  const lookQuietly = (some: Iterable<Open>) =>
    lookAgain(some).catch((error: unknown) =>
      core.log.warn({ error }, 'The sign-ins of sockets could not be checked'),
    )

  const stopListening = await onCallerChange(core, ({ ended = [], changed = [] }) => {
    const held = ({ session: { caller } }: Open) => (caller.signIn ?? caller.token)!.toHexString()
    for (const one of open) if (ended.includes(held(one))) close(one)
    const concerned = [...open].filter(({ session: { caller } }) =>
      changed.includes(caller.user?._id.toHexString() ?? ''),
    )
    void lookQuietly(concerned)
  })
  const timer = setInterval(() => void lookQuietly([...open]), lookAgainMs)
  timer.unref()

  return {
    add(session: CallerSession, workspace: string | undefined, socket: WebSocket) {
      const one = { session, workspace, socket }
      open.add(one)
      socket.once('close', () => open.delete(one))
    },
    async stop() {
      clearInterval(timer)
      stopListening()
    },
  }
}
