import { Problem } from './setup/problem.ts'

export type Ask = <T = unknown>(query: string, variables?: Record<string, unknown>) => Promise<T>

interface Answer {
  data?: Record<string, { userErrors?: { message: string }[] } | null>
  errors?: { message: string }[]
}

/** Asks over HTTP like any script would; an error of either kind becomes a Problem with its sentences. */
export function askGraphql(url: string, token?: string, workspace?: string): Ask {
  return async <T>(query: string, variables?: Record<string, unknown>) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
        ...(workspace && { 'x-maestro-workspace': workspace }),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(30_000),
    })
    const { data, errors = [] } = (await response.json()) as Answer
    const faults = [...errors, ...Object.values(data ?? {}).flatMap((payload) => payload?.userErrors ?? [])]
    if (faults.length) throw new Problem(`The API refused: ${faults.map((fault) => fault.message).join(' ')}`)
    return data as T
  }
}
