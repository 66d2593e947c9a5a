/**
 * A writer that is killed in the middle of a commit, for tests: `tsx dieAtWrite.ts URI DATABASE WRITE WHEN VERSION RECORD…`
 * moves the records on from VERSION, and kills itself when its WRITE-th writing command has been sent ("before" the
 * answer) or answered ("after").
 */
import 'reflect-metadata'
import { MongoClient, ObjectId } from 'mongodb'
import type { Core } from '../../platform/core.ts'
import { systemSession } from '../../platform/session.ts'
import { commit } from '../commit.ts'
import { ChangeOrigin } from '../records.ts'
import { roleStep } from './steps.ts'

const [uri, database, write, when, version, ...records] = process.argv.slice(2)
const writing = ['insert', 'update', 'delete', 'findAndModify', 'bulkWrite']
const client = await MongoClient.connect(uri!, { monitorCommands: true })
let written = 0
const die = () => process.kill(process.pid, 'SIGKILL')

client.on('commandStarted', ({ commandName }) => {
  if (writing.includes(commandName) && ++written === Number(write) && when === 'before') die()
})
client.on('commandSucceeded', ({ commandName }) => {
  if (writing.includes(commandName) && written === Number(write) && when === 'after') die()
})

const core = {
  db: client.db(database),
  live: { publish: () => undefined },
  orm: { em: { fork: () => undefined } },
} as unknown as Core
await commit(
  systemSession(core, 'Doomed'),
  { title: 'Doomed', origin: ChangeOrigin.MANUAL },
  records.map((record) => roleStep(new ObjectId(record), Number(version), 'doomed')),
)
await client.close()
