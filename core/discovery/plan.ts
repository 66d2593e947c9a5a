import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, ID, ObjectType } from 'type-graphql'
import type { commit, Step } from '../history/commit.ts'
import { ChangeAction, type Fields, type RecordCollection } from '../history/records.ts'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'

@ObjectType({ description: 'What a crawl would change, were it not a dry run.' })
@Entity({ collection: 'plannedChanges' })
@Index({ properties: ['run', '_id'] })
export class PlannedChange {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'ObjectId' })
  run!: ObjectId

  @Property({ type: 'string' })
  collection!: RecordCollection

  @Property({ type: 'string' })
  recordKind!: string

  /** The asset, or the one from which the relation starts; it may not be there yet. */
  @Property({ type: 'ObjectId' })
  subject!: ObjectId

  @Field(() => ChangeAction, { description: 'What it would do to the asset or relation.' })
  @Property({ type: 'string' })
  action!: ChangeAction

  @Property({ type: 'json', nullable: true })
  before!: Fields | null

  @Property({ type: 'json' })
  after!: Fields

  @Field(() => ID, { description: 'Opaque id.', name: 'id' })
  globalId(): string {
    return encodeId('PlannedChange', this._id)
  }
}

export const plansOf = (core: Core): Collection<PlannedChange> => core.db.collection('plannedChanges')

/** What a person would look through, at most; the counts of the run tell of all. */
const maxPlanned = 5_000

/** In the place of {@link commit}: notes what would be done, and does nothing of it. */
export function planner(core: Core, run: ObjectId): typeof commit {
  let noted = 0
  return async (_session, _intention, steps) => {
    const shown = steps.slice(0, Math.max(0, maxPlanned - noted))
    noted += shown.length
    if (shown.length) await plansOf(core).insertMany(shown.map((step) => planned(run, step)))
    return null
  }
}

const planned = (run: ObjectId, { collection, recordKind, subject, action, before, after }: Step) =>
  Object.assign(new PlannedChange(), {
    _id: new ObjectId(),
    run,
    collection,
    recordKind,
    subject,
    action,
    before,
    after,
  })

/** What a dry run would have changed, in the order in which it met it. Whoever may see the run may see it. */
export const findPlanned = (core: Core, run: ObjectId, args: PageArgs): Promise<Page<PlannedChange>> =>
  findPage(plansOf(core), { run }, [{ field: '_id', direction: 1 }], args).then((page) =>
    mapPage(page, (record) => Object.assign(new PlannedChange(), record)),
  )

const keptMs = 7 * 24 * 3600 * 1000

/** Plans are of interest until they have been carried out; the world moves on. */
export const sweepPlans = (core: Core) =>
  plansOf(core).deleteMany({
    _id: { $lt: ObjectId.createFromTime(Math.floor((Date.now() - keptMs) / 1000)) },
  })
