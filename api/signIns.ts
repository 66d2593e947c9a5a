import { ObjectId } from 'mongodb'
import type { WebSocket } from 'ws'
import { endedChannel, livingSessions } from '../core/accounts/sessions.ts'
import type { Core } from '../core/platform/core.ts'

/** A message that was lost, or a sign-in that ran out, is noticed after this time. */
const usualMs = 60_000

/** Closes the sockets of a sign-in as soon as it ends, in whatever process that happened. */
export async function watchSignIns(core: Core, lookAgainMs = usualMs) {
  const open = new Map<string, Set<WebSocket>>()

  const close = (signIn: string) => {
    for (const socket of open.get(signIn) ?? []) socket.close(4403, 'Your sign-in has ended.')
  }
  const lookAgain = async () => {
    const ids = [...open.keys()]
    if (!ids.length) return
    const living = await livingSessions(
      core,
      ids.map((id) => new ObjectId(id)),
    )
    for (const id of ids) if (!living.has(id)) close(id)
  }

  const stopListening = await core.live.listen(endedChannel, (message) =>
    close((JSON.parse(message) as { session: string }).session),
  )
  const timer = setInterval(() => {
    lookAgain().catch((error: unknown) =>
      core.log.warn({ error }, 'The sign-ins of sockets could not be checked'),
    )
  }, lookAgainMs)
  timer.unref()

  return {
    add(signIn: ObjectId, socket: WebSocket) {
      const id = signIn.toHexString()
      const sockets = open.get(id) ?? new Set()
      open.set(id, sockets.add(socket))
      socket.once('close', () => {
        sockets.delete(socket)
        if (!sockets.size && open.get(id) === sockets) open.delete(id)
      })
    },
    async stop() {
      clearInterval(timer)
      stopListening()
    },
  }
}
