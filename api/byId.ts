import type DataLoader from 'dataloader'
import type { ObjectId } from 'mongodb'
import { findConnectionsById } from '../core/discovery/findById.ts'
import { findChangeSetsById } from '../core/history/read.ts'
import { findAssetsById } from '../core/inventory/find.ts'
import type { Session } from '../core/platform/session.ts'
import { findRunsById } from '../core/runs/findById.ts'
import { loader } from './loaders.ts'

type Find<T> = (session: Session, ids: ObjectId[]) => Promise<T[]>

/** Everything of one type that a level of a query names is read by one command; what is invisible is null. */
export const byId =
  <T extends { _id: ObjectId }>(name: string, find: Find<T>) =>
  (session: Session): DataLoader<ObjectId, T | null> =>
    loader<ObjectId, T | null>(
      session,
      name,
      async (ids) => {
        const found = new Map((await find(session, [...ids])).map((one) => [one._id.toHexString(), one]))
        return ids.map((id) => found.get(id.toHexString()) ?? null)
      },
      (id) => id.toHexString(),
    )

export const assetsById = byId('assets by id', findAssetsById)
export const connectionsById = byId('connections by id', findConnectionsById)
export const runsById = byId('runs by id', findRunsById)
export const changeSetsById = byId('change sets by id', findChangeSetsById)
