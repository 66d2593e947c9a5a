import { client, listen, onReconnect } from '#lib/client.ts'
import { RunsDocument, RunsLiveDocument, type RunRowFragment } from '#lib/gql/generated.ts'
import { isActive } from './progress.ts'

/** The newest state of every run that has moved since the page was opened, by id; the frame keeps it fed. */
export const live: { runs: Record<string, RunRowFragment> } = $state({ runs: {} })

export const running = {
  get now() {
    return Object.values(live.runs)
      .filter((run) => isActive(run.state))
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  },
}

/** A run as last heard of: what the subscription said, if it has said anything about it. */
export function newest<Run extends { id: string }>(run: Run): Run {
  const heard = live.runs[run.id]
  return heard ? { ...run, ...heard } : run
}

/** Keeps up until the returned function is called. */
export function follow(): () => void {
  const read = async () => {
    const { data } = await client
      .query(
        RunsDocument,
        { first: 25, filter: { state: ['QUEUED', 'RUNNING'] } },
        { requestPolicy: 'network-only' },
      )
      .toPromise()
    if (!data) return
    const active = Object.fromEntries(data.runs.nodes.map((run) => [run.id, run]))
    // A run that was active and is no longer listed ended while nobody listened; its page or list says how.
    const known = Object.entries(live.runs).filter(([id, run]) => active[id] || !isActive(run.state))
    live.runs = { ...Object.fromEntries(known), ...active }
  }
  void read()
  const stopListening = listen(RunsLiveDocument, {}, ({ runs }) => (live.runs[runs.id] = runs))
  const stopReconnect = onReconnect(() => void read())
  return () => {
    stopListening()
    stopReconnect()
  }
}
