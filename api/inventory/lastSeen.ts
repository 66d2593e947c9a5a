import { findScopesById } from '../../core/discovery/findById.ts'
import type { Scope } from '../../core/discovery/scope.ts'
import type { Asset } from '../../core/inventory/asset.ts'
import { type Observed, ObservationState } from '../../core/inventory/observation.ts'
import type { Session } from '../../core/platform/session.ts'
import { loader } from '../loaders.ts'

const scopes = (session: Session) =>
  loader<string, Scope | null>(session, 'scopes by id', async (ids) => {
    const found = new Map((await findScopesById(session, ids)).map((scope) => [scope._id, scope]))
    return ids.map((id) => found.get(id) ?? null)
  })

/**
 * What did not change is not written; how fresh it is follows from its scope's last complete listing. Of the past, only
 * what is known for sure: when the source began to say so, if it was listed again later than that.
 */
export async function seenAt(session: Session, observed: Observed): Promise<Date> {
  if (observed.state !== ObservationState.PRESENT) return observed.changedAt
  const complete = (await scopes(session).load(observed.scope))?.lastCompleteAt
  const counts = complete && complete > observed.changedAt && !(session.asOf && complete > session.asOf)
  return counts ? complete : observed.changedAt
}

/** The newest of all sources; null when only people know the asset. */
export async function assetSeenAt(session: Session, asset: Asset): Promise<Date | null> {
  const moments = await Promise.all(asset.observations.map((observed) => seenAt(session, observed)))
  return moments.length ? new Date(Math.max(...moments.map(Number))) : null
}
