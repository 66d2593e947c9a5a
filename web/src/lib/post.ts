import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { stringifyDocument } from '@urql/core'

/** The API could not be reached at all; nothing that was asked has happened. */
export class Away extends Error {
  override name = 'Away'
}

/** One request to the API, as bare as can be. Throws Away when no answer comes. */
export async function send(init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch('/graphql', {
      ...init,
      method: 'POST',
      credentials: 'same-origin',
      headers: { ...Object.fromEntries(new Headers(init.headers)), 'apollo-require-preflight': 'true' },
    })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new Away('Maestro cannot be reached.', { cause: error })
  }
  if ([502, 503, 504].includes(response.status)) throw new Away('Maestro is starting or stopping.')
  return response
}

type Answer<Data> = { data?: Data; errors?: { message: string }[] }

/** An operation outside of the cache and without a token: signing in, and what comes before it. */
export async function post<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await send({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: stringifyDocument(document), variables }),
  })
  const answer = (await response.json().catch(() => null)) as Answer<Data> | null
  if (!answer) throw new Error('Maestro gave an answer that cannot be read. Nothing was changed; try again.')
  if (!answer.data) throw new Error(answer.errors?.[0]?.message ?? 'Maestro gave no answer. Try again.')
  return answer.data
}
