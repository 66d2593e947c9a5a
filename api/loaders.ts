import DataLoader from 'dataloader'
import type { Session } from '../core/platform/session.ts'

const loaders = new WeakMap<Session, Map<string, DataLoader<never, unknown>>>()

/**
 * The request's loader of this name, made when first asked for. The name must say everything that the batch function
 * depends on besides the keys, such as the filter, order and page of a relation.
 */
export function loader<K, V>(
  session: Session,
  name: string,
  load: (keys: readonly K[]) => PromiseLike<ArrayLike<V | Error>>,
  cacheKey?: (key: K) => unknown,
): DataLoader<K, V> {
  let own = loaders.get(session)
  if (!own) loaders.set(session, (own = new Map()))
  let found = own.get(name) as DataLoader<K, V> | undefined
  if (!found) {
    found = new DataLoader<K, V>(load, cacheKey ? { cacheKeyFn: cacheKey as never } : {})
    own.set(name, found as never)
  }
  return found
}
