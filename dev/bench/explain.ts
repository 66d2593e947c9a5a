import type { Db, Document } from 'mongodb'
import type { Command } from './countedApi.ts'

export interface Explained {
  command: string
  indexes: string[]
  collectionScans: number
  keysExamined: number
  docsExamined: number
}

/** What the driver adds for itself, or what `explain` does not take. */
const ofTheDriver = ['lsid', 'txnNumber', '$db', '$clusterTime', '$readPreference', 'maxTimeMS']

/** Has the database carry out a command again and tell how; of several plans only the one that won. */
export async function explain(db: Db, { name, command }: Command): Promise<Explained> {
  const plain = Object.fromEntries(Object.entries(command).filter(([key]) => !ofTheDriver.includes(key)))
  const steps = stepsIn(await db.command({ explain: plain, verbosity: 'executionStats' }))
  const sum = (field: string) => steps.reduce((total, step) => total + (Number(step[field]) || 0), 0)
  const indexes = steps.flatMap(({ stage, indexName, indexesUsed }) =>
    [indexName, indexesUsed, stage === 'IDHACK' && '_id_'].flat(),
  )
  return {
    command: `${name} ${String(command[name])}`,
    indexes: [...new Set(indexes.filter((one) => typeof one === 'string'))],
    collectionScans: steps.filter(({ stage }) => stage === 'COLLSCAN').length + sum('collectionScans'),
    keysExamined: sum('totalKeysExamined'),
    docsExamined: sum('totalDocsExamined'),
  }
}

/** Every part of the answer that may tell of a step that was taken. */
function stepsIn(value: unknown): Document[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).filter(([key]) => !['queryPlanner', 'command'].includes(key))
  return [value, ...inner.flatMap(([, one]) => stepsIn(one))]
}
