import { listen, onReconnect } from './client.ts'
import { ChangeSetsLiveDocument, type AssetKind } from './gql/generated.ts'
import { quietly } from './quietly.ts'

/**
 * Calls back after others have changed assets of these kinds, or anything; a burst of changes calls once. What happened
 * while the connection was broken counts as a change. Answers how to stop.
 */
export function followChanges(kinds: AssetKind[] | null, changed: () => void, pause?: number): () => void {
  const soon = quietly(changed, pause)
  const stops = [listen(ChangeSetsLiveDocument, { kinds }, soon), onReconnect(soon)]
  return () => stops.forEach((stop) => stop())
}
