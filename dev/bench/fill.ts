import { createHash } from 'node:crypto'
import { type Db, type Document, ObjectId } from 'mongodb'

const batchSize = 1000

/** Multiplies the crawled servers to `total`, each copy with a name and an identity of its own. */
export async function fillServers(db: Db, total: number): Promise<void> {
  const assets = db.collection('assets')
  const originals = await assets.find({ kind: 'SERVER', copy: { $exists: false } }).toArray()
  const present = await assets.countDocuments({ kind: 'SERVER' })
  for (let start = present; start < total; start += batchSize) {
    const numbers = Array.from({ length: Math.min(batchSize, total - start) }, (_, i) => start + i)
    await assets.insertMany(
      numbers.map((number) => copyOf(originals[number % originals.length]!, number)),
      { ordered: false },
    )
  }
}

function copyOf(original: Document, number: number): Document {
  const name = `${original.name as string}-${number}`
  const instanceId = `${(original.instanceId as string).slice(0, 10)}${number.toString(16).padStart(9, '0')}`
  const replaced = new Map([
    [original.instanceId, instanceId],
    [original.name, name],
  ])
  const [own] = original.observations as Document[]
  return {
    ...original,
    _id: new ObjectId(createHash('sha1').update(instanceId).digest().subarray(0, 12)),
    name,
    instanceId,
    identifiers: (original.identifiers as string[]).map((one) => replaced.get(one) ?? one),
    observations: [
      { ...own, externalId: instanceId, values: { ...(own!.values as Document), name, instanceId } },
    ],
    copy: number,
  }
}
