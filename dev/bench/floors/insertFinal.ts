import { type Collection, type Db, type Document, MongoClient } from 'mongodb'
import { timed } from '../took.ts'
import { answer } from './answer.ts'

const collections = ['assets', 'relations', 'changes']
const batchSize = 1000

/** Inserts what a crawl has left into fresh collections with the same indexes; the three collections at the same time. */
answer(async ({ uri, from, into }: { uri: string; from: string; into: string }) => {
  const client = await MongoClient.connect(uri, { ignoreUndefined: true })
  const target = client.db(into)
  const work: { documents: Document[]; collection: Collection }[] = []
  for (const name of collections) {
    const documents = await client.db(from).collection(name).find().batchSize(5000).toArray()
    work.push({ documents, collection: await fresh(client.db(from), target, name) })
  }
  const took = await timed(() =>
    Promise.all(work.map(({ documents, collection }) => insert(collection, documents))),
  )
  await target.dropDatabase()
  await client.close()
  return took
})

async function fresh(from: Db, into: Db, name: string): Promise<Collection> {
  const collection = await into.createCollection(name)
  for (const { key, ...options } of await from.collection(name).indexes()) {
    if (options.name === '_id_') continue
    // The embedded engine reports this for every index that has none.
    if ((options.collation as { locale?: string } | undefined)?.locale === 'simple') delete options.collation
    await collection.createIndex(key as Document as Record<string, 1>, options)
  }
  return collection
}

async function insert(collection: Collection, documents: Document[]) {
  for (let start = 0; start < documents.length; start += batchSize)
    await collection.insertMany(documents.slice(start, start + batchSize), { ordered: false })
}
