import type { ObjectId } from 'mongodb'
import type { Page, PageArgs } from '../core/platform/page.ts'
import type { Session } from '../core/platform/session.ts'
import { loader } from './loaders.ts'

/** A parent's page of a relation; the pages of all parents on the same level are read together. */
export const pageOf = <T, A extends PageArgs>(
  session: Session,
  relation: string,
  parent: ObjectId,
  args: A,
  find: (parents: readonly ObjectId[], args: A) => Promise<Page<T>[]>,
): Promise<Page<T>> =>
  loader<ObjectId, Page<T>>(
    session,
    `${relation} ${JSON.stringify(args)}`,
    (parents) => find(parents, args),
    (id) => id.toHexString(),
  ).load(parent)
