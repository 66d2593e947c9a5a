import {
  cacheExchange,
  Client,
  fetchExchange,
  subscriptionExchange,
  type TypedDocumentNode,
} from '@urql/core'
import { createClient } from 'graphql-ws'
import { untilBack } from './away.svelte.ts'
import { Away, send } from './post.ts'
import { accessToken, lost, renew } from './session/session.svelte.ts'
import { reset, workspaceHeader } from './workspace/workspace.svelte.ts'

async function withToken(init: RequestInit, token: string | null) {
  const headers = new Headers(init.headers)
  if (token) headers.set('authorization', `Bearer ${token}`)
  headers.set('x-maestro-workspace', workspaceHeader())
  return send({ ...init, headers })
}

/** Before anything is asked, the API refuses a workspace that the person is not in, or no longer. */
const isGone = ({ status }: Response, text: string) =>
  status === 400 && text.includes('"NOT_FOUND"') && text.includes('workspace')

/** Sends once with a good token; a token that the server no longer accepts is renewed once. */
async function authorized(init: RequestInit): Promise<Response> {
  const response = await withToken(init, await accessToken())
  const text = await response.clone().text()
  if (isGone(response, text)) {
    reset()
    return response
  }
  if (!text.includes('"UNAUTHENTICATED"')) return response
  const fresh = await renew()
  if (!fresh) {
    lost()
    return response
  }
  return withToken(init, fresh)
}

const read: typeof fetch = async (_url, init = {}) => {
  for (;;) {
    try {
      const asked = workspaceHeader()
      const response = await authorized(init)
      // A question may be put again where there is something to see; a change goes where the person wanted it, or nowhere.
      if (workspaceHeader() === asked) return response
    } catch (error) {
      if (!(error instanceof Away)) throw error
      await untilBack()
    }
  }
}

const write: typeof fetch = (_url, init = {}) =>
  authorized(init).catch((error: unknown) => {
    if (error instanceof Away) void untilBack()
    throw error
  })

const orLost = (token: string | null) => token ?? lost()

let connections = 0

const socket = createClient({
  url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  connectionParams: async () => ({
    authorization: `Bearer ${(await accessToken().catch(() => null)) ?? ''}`,
    workspace: workspaceHeader(),
  }),
  retryAttempts: Infinity,
  shouldRetry: () => true,
  retryWait: async (tries) => {
    await new Promise((resolve) =>
      setTimeout(resolve, Math.min(500 * 2 ** tries, 8_000) * (0.75 + Math.random() / 2)),
    )
  },
  on: {
    connected: () => void connections++,
    closed: (event) => {
      // 4401 and 4403: the token that opened this socket ended, or the sign-in was ended from elsewhere.
      if ([4401, 4403].includes((event as CloseEvent).code)) void renew().then(orLost, () => {})
      // The workspace is not, or no longer, this person's.
      if ((event as CloseEvent).code === 4404) reset()
    },
  },
})

export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  fetch: read,
  requestPolicy: 'cache-and-network',
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe({ query: request.query ?? '', variables: request.variables }, sink),
        }),
      }),
    }),
  ],
})

export type UserErrors = { code: string; field?: string[] | null; message: string }[]

/**
 * A mutation. Unlike a query it is never sent a second time on its own: the caller learns that it failed and keeps the
 * input. `types` names what it changes beyond what its answer shows.
 */
export async function mutate<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  types: string[] = [],
): Promise<Data> {
  const { data, error } = await client
    .mutation(document, variables, { fetch: write, additionalTypenames: types })
    .toPromise()
  if (error) throw error
  return data!
}

/** Listens until the returned function is called; connections that break are made again. */
export function listen<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  receive: (data: Data) => void,
): () => void {
  return client.subscription(document, variables).subscribe(({ data }) => data && receive(data)).unsubscribe
}

/** Opens the live connection anew, for a workspace that is another now. */
export function reconnect() {
  socket.terminate()
}

/** Calls back whenever the live connection has been made anew, because what happened meanwhile was not heard. */
export function onReconnect(again: () => void): () => void {
  return socket.on('connected', () => connections > 1 && again())
}
