import { untrack } from 'svelte'
import type { CombinedError, TypedDocumentNode } from '@urql/core'
import { away } from './away.svelte.ts'
import { client } from './client.ts'
import { workspace } from './workspace/workspace.svelte.ts'

export type Answer<Data> = {
  readonly data: Data | undefined
  readonly error: CombinedError | undefined
  /** Nothing to show yet. */
  readonly loading: boolean
  /** What is shown belongs to an earlier question, and the answer to the present one is on its way. Not while the API is away. */
  readonly stale: boolean
  reload(): void
}

/**
 * Asks again whenever the variables or the workspace change and whenever a mutation touches what was answered; keeps the
 * old answer until the new one is there. `types` names what an empty answer would not show it depends on.
 */
export function query<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Variables | null,
  types: string[] = [],
): Answer<Data> {
  let data = $state.raw<Data>()
  let error = $state.raw<CombinedError>()
  let waiting = $state(true)
  let round = $state(0)
  const first = untrack(() => workspace.id)

  $effect(() => {
    const asked = variables()
    const policy = round > 0 || workspace.id !== first ? 'network-only' : 'cache-and-network'
    if (!asked) return
    waiting = true
    let listening = true
    const { unsubscribe } = client
      .query(document, asked, { requestPolicy: policy, additionalTypenames: types })
      .subscribe((result) =>
        // The cache may answer in the middle of somebody else's rendering, where nothing may be set.
        queueMicrotask(() => {
          if (!listening) return
          if (result.data) data = result.data
          error = result.error
          waiting = result.stale
        }),
      )
    return () => {
      listening = false
      unsubscribe()
    }
  })

  return {
    get data() {
      return data
    },
    get error() {
      return error
    },
    get loading() {
      return waiting && data === undefined && !error
    },
    get stale() {
      return waiting && data !== undefined && !away.since
    },
    reload: () => round++,
  }
}
