import { client } from '#lib/client.ts'
import { PrincipalsDocument, type PrincipalsQuery, type PrincipalType } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

export type Principal = PrincipalsQuery['principals'][number]

/** People and teams that fit what was typed, as suggestions; of one type where one is given. */
export async function principalsNamed(text: string, type?: PrincipalType) {
  const { data } = await client
    .query(
      PrincipalsDocument,
      { text: text.trim() || null, first: type ? 50 : 12 },
      { requestPolicy: 'network-only' },
    )
    .toPromise()
  return (data?.principals ?? [])
    .filter((each) => !type || each.type === type)
    .map((principal) => ({
      value: principal.id,
      label: principal.name ?? '',
      note: principal.type === 'TEAM' ? messages.team : (principal.detail ?? ''),
      principal,
    }))
}
