import { ObjectId } from 'mongodb'
import { getConnection } from '../discovery/connections.ts'
import { mayReach } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { fault, NotFound } from '../platform/errors.ts'
import { decodeId, encodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { type After, Chain, chainsOf, hydrateChain } from './chain.ts'
import { findOwnSchedulesById, getWritable } from './ownSchedules.ts'
import { schedulesOf } from './schedule.ts'

export interface ChainInput {
  from: string
  to: string
  after: After
  delaySeconds?: number | null
}

const maxDelay = 7 * 24 * 3600
const maxFollowers = 20

/** @throws UserFault CYCLE naming the loop that it would make */
export async function createChain(session: Session, input: ChainInput): Promise<Chain> {
  const { core } = session
  const from = decodeId(input.from, 'Schedule', 'OwnSchedule')
  await assertMayChain(session, input.from)
  const to = await getWritable(session, input.to, 'start')
  const delaySeconds = input.delaySeconds ?? 0
  if (delaySeconds < 0 || delaySeconds > maxDelay)
    throw fault('INVALID', 'delaySeconds', `Choose from 0 to ${maxDelay} seconds.`)
  if ((await chainsOf(core).countDocuments({ from: from.id })) >= maxFollowers)
    throw fault('LIMIT_REACHED', 'from', `At most ${maxFollowers} schedules may follow one.`)
  const chain = Object.assign(new Chain(), {
    _id: new ObjectId(),
    from: from.id,
    fromType: from.type as Chain['fromType'],
    to: to._id,
    after: input.after,
    delaySeconds,
  })
  await chainsOf(core).insertOne(chain)
  // Looked for once it is there, so that of two which make a loop together at least one is noticed.
  const loop = await findLoop(core, from.id, to._id)
  if (loop) {
    await chainsOf(core).deleteOne({ _id: chain._id })
    throw fault('CYCLE', 'to', `This would go round in circles: ${await named(session, loop)}.`)
  }
  return chain
}

export async function deleteChain(session: Session, id: string): Promise<string> {
  const { core } = session
  const chain = await chainsOf(core).findOne({ _id: decodeId(id, 'Chain').id })
  if (!chain) throw new NotFound('chain', id)
  await assertMayChain(session, encodeId(chain.fromType, chain.from))
  await chainsOf(core).deleteOne({ _id: chain._id })
  return id
}

/** What follows each of the schedules, which the caller has found visible; only where the follower is visible, too. */
export async function findChainsOf(session: Session, from: readonly ObjectId[]): Promise<Chain[]> {
  const chains = await chainsOf(session.core)
    .find({ from: { $in: [...from] } }, { maxTimeMS: queryTimeoutMs, batchSize: 10_000 })
    .sort({ _id: 1 })
    .toArray()
  const seen = await findOwnSchedulesById(
    session,
    chains.map(({ to }) => to),
  )
  return chains.filter(({ to }) => seen.some(({ _id }) => _id.equals(to))).map(hydrateChain)
}

/** Way from a schedule by way of its follower back to itself. */
async function findLoop(core: Core, from: ObjectId, to: ObjectId): Promise<ObjectId[] | null> {
  const cameFrom = new Map<string, ObjectId[]>([[to.toHexString(), [from, to]]])
  for (let level = [to]; level.length;) {
    const back = level.find((one) => one.equals(from))
    if (back) return cameFrom.get(back.toHexString())!
    const next = await chainsOf(core)
      .find({ from: { $in: level } })
      .toArray()
    level = []
    for (const chain of next) {
      if (cameFrom.has(chain.to.toHexString())) continue
      cameFrom.set(chain.to.toHexString(), [...cameFrom.get(chain.from.toHexString())!, chain.to])
      level.push(chain.to)
    }
  }
  return null
}

async function named(session: Session, loop: ObjectId[]): Promise<string> {
  const seen = await findOwnSchedulesById(session, loop)
  return loop
    .map((id) => seen.find(({ _id }) => _id.equals(id))?.name ?? 'one that you may not see')
    .join(' → ')
}

/** Whoever may change a schedule says what follows it; one of a connection is its connection's. */
async function assertMayChain(session: Session, id: string) {
  const { type, id: key } = decodeId(id, 'Schedule', 'OwnSchedule')
  if (type === 'OwnSchedule') return void (await getWritable(session, id, 'change'))
  const schedule = await schedulesOf(session.core).findOne({ _id: key })
  if (!schedule) throw new NotFound('schedule', id)
  const connection = await getConnection(session, encodeId('Connection', schedule.connection))
  if (!mayReach(session, connection.access, 'WRITE'))
    throw fault('FORBIDDEN', null, `You may see ${connection.name}, but not say what follows it.`)
}
