import type { Collection, Db, Document, ObjectId } from 'mongodb'
import type { Step } from '../../core/history/commit.ts'
import { type ChangeCounts, ChangeOrigin, type Fields } from '../../core/history/records.ts'
import { creation, difference } from '../../core/history/step.ts'
import type { Declaration } from '../../core/inventory/asset.ts'
import { effective } from '../../core/inventory/effective.ts'
import { kindOf } from '../../core/inventory/kinds.ts'
import type { AccessEntry } from '../../core/platform/access.ts'
import { derivedId } from '../../core/platform/ids.ts'
import { type Actor, defaultWorkspace } from '../../core/platform/session.ts'
import { type GraphKind, graphEdges, graphFacts, graphId, type GraphSize, kindsIn } from './graph.ts'
import { GraphHistory } from './graphHistory.ts'

export interface FilledGraph {
  size: GraphSize
  /** The application that many others need. */
  hub: ObjectId
  /** The change sets, the oldest first. */
  sets: { _id: ObjectId; at: Date; changes: number }[]
}

const batchSize = 1000
const actor: Actor = { type: 'USER', id: null, name: 'Bench' }

/**
 * Fills a fresh database with a graph that is the same each time, and with the history that has led to it, in bulk: each
 * record, change and change set as the write path would have left it. The API has to have made the indexes.
 */
export async function fillGraph(
  db: Db,
  size: GraphSize,
  accessOf: (n: number) => AccessEntry[],
): Promise<FilledGraph> {
  const history = new GraphHistory(size)
  const tellers = Array.from({ length: history.sets }, () => new Teller())
  const assets = new Writer(db.collection('assets'))
  const relations = new Writer(db.collection('relations'))
  const changes = new Writer(db.collection('changes'))

  const keep = async (step: Step, change: number, record: Document | null): Promise<Document> => {
    const set = history.setOf(change)
    const at = history.timeOf(set)
    const version = step.version + 1
    tellers[set]!.add(step)
    await changes.add({
      ...step,
      _id: history.changeId(change),
      set: history.setId(set),
      at,
      version,
    })
    const moved: Document = { ...record, ...step.after, _id: step.record, version, updatedAt: at }
    for (const field of Object.keys(step.before ?? {})) if (!(field in step.after)) delete moved[field]
    return moved
  }

  let index = 0
  for (const [kind, count] of kindsIn(size))
    for (let n = 0; n < count; n++, index++) {
      const created = history.creationOfAsset(index)
      const at = history.timeOf(history.setOf(created))
      const facts = graphFacts(size, kind, n)
      let record = await keep(newAsset(kind, n, facts, accessOf(n), at), created, null)
      if (kind === 'SERVER') await relations.add(await keep(placing(n, facts, at), created + 1, null))
      const updates = history.updatesOfAsset(index)
      for (const [round, change] of updates.entries()) {
        const retired = kind === 'SERVER' && n % 200 === 7 && change === updates.at(-1)
        const now = history.timeOf(history.setOf(change))
        const fields = retired ? { retiredAt: now, retiredBy: 'PERSON' } : edited(record, round, now)
        const step = difference(record, { collection: 'assets', recordKind: kind }, fields)!
        record = await keep(step, change, record)
      }
      await assets.add(record)
    }

  let edge = 0
  for (const { kind, from, to, properties } of graphEdges(size)) {
    const created = history.creationOfEdge(edge)
    const about = { collection: 'relations' as const, recordKind: kind, subject: graphId(...from) }
    const fields = {
      workspace: defaultWorkspace,
      kind,
      from: graphId(...from),
      fromKind: from[0],
      to: graphId(...to),
      toKind: to[0],
      properties,
      validFrom: history.timeOf(history.setOf(created)),
      sources: [],
    }
    const id = derivedId('relation', kind, from.join(), to.join())
    let record = await keep(creation(id, about, fields), created, null)
    const end = history.endOfEdge(edge++)
    if (end !== undefined)
      record = await keep(
        difference(record, about, { validTo: history.timeOf(history.setOf(end)) })!,
        end,
        record,
      )
    await relations.add(record)
  }
  await Promise.all([assets.end(), relations.end(), changes.end()])

  const sets = tellers.map((teller, set) => ({
    _id: history.setId(set),
    at: history.timeOf(set),
    changes: teller.changes,
  }))
  await db.collection('changeSets').insertMany(
    tellers.map((teller, set) => ({
      ...teller.told(set),
      _id: sets[set]!._id,
      at: sets[set]!.at,
      leaseUntil: sets[set]!.at,
    })),
  )
  return { size, hub: graphId('APP', 0), sets }
}

const declaredAt = (facts: Fields, at: Date) =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      { value, by: actor.name, at } satisfies Declaration as Declaration,
    ]),
  )

function newAsset(kind: GraphKind, n: number, facts: Fields, access: AccessEntry[], at: Date): Step {
  const declared = declaredAt(facts, at)
  return creation(
    graphId(kind, n),
    { collection: 'assets', recordKind: kind },
    {
      kind,
      workspace: defaultWorkspace,
      createdAt: at,
      access,
      observations: [],
      declared,
      ...effective(kindOf(kind), { declared, observations: [] }),
    },
  )
}

/** The relation that is kept with the datacenter of a server. */
const placing = (n: number, facts: Fields, at: Date): Step => {
  const from = graphId('SERVER', n)
  const to = facts.datacenter as ObjectId
  return creation(
    derivedId('relation', 'LOCATED_IN', from.toHexString(), to.toHexString(), '0'),
    { collection: 'relations', recordKind: 'LOCATED_IN', subject: from },
    {
      workspace: defaultWorkspace,
      kind: 'LOCATED_IN',
      from,
      fromKind: 'SERVER',
      to,
      toKind: 'DATACENTER',
      properties: {},
      validFrom: at,
      sources: [],
    },
  )
}

/** What an edit of an asset leaves: one fact, and that a person has said so. */
function edited({ status, declared }: Document, round: number, at: Date): Fields {
  const facts =
    round % 2
      ? { status: status === 'ACTIVE' ? 'DEGRADED' : 'ACTIVE' }
      : { description: `Looked at for the ${round + 1}. time.` }
  return { ...facts, declared: { ...(declared as object), ...declaredAt(facts, at) } }
}

/** Counts what a change set has done. */
class Teller {
  private readonly counts = { assets: noCounts(), relations: noCounts() }
  private readonly kinds = new Set<string>()
  private sawAssets = false
  changes = 0

  add({ collection, action, recordKind }: Step) {
    this.counts[collection][action.toLowerCase() as keyof ChangeCounts]++
    this.kinds.add(recordKind)
    this.sawAssets ||= collection === 'assets'
    this.changes++
  }

  told(set: number): Document {
    const imported = this.changes > 100
    return {
      workspace: defaultWorkspace,
      title: imported ? `Import part-${set}.csv` : `Edit ${set}`,
      origin: imported ? ChangeOrigin.IMPORT : ChangeOrigin.MANUAL,
      actor,
      state: 'COMMITTED',
      applied: true,
      counts: this.counts[this.sawAssets ? 'assets' : 'relations'],
      kinds: [...this.kinds],
      run: null,
      undoes: null,
      about: null,
    }
  }
}

const noCounts = (): ChangeCounts => ({ created: 0, changed: 0, retired: 0, restored: 0 })

/** Inserts in batches, the next of which is made while the last is on its way. */
class Writer {
  private batch: Document[] = []
  private sending: Promise<unknown> = Promise.resolve()

  constructor(private readonly collection: Collection) {}

  async add(document: Document) {
    if (this.batch.push(document) >= batchSize) await this.flush()
  }

  async end() {
    await this.flush()
    await this.sending
  }

  private async flush() {
    await this.sending
    const batch = this.batch
    this.batch = []
    if (batch.length) this.sending = this.collection.insertMany(batch, { ordered: false })
  }
}
