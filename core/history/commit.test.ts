import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { parseConfig } from '../platform/config.ts'
import { type Core, openCore } from '../platform/core.ts'
import { Conflict } from '../platform/errors.ts'
import { systemSession } from '../platform/session.ts'
import { commit, recover, type Step } from './commit.ts'
import { Change, ChangeOrigin, ChangeSet, changeSetsOf, changesOf, recordsOf } from './records.ts'
import { createStep, roleStep } from './testing/steps.ts'

const database = `test-${randomBytes(6).toString('hex')}`
let core: Core

beforeAll(async () => {
  core = await openCore(
    'test',
    parseConfig({
      MONGODB_URI: inject('mongoUri'),
      MONGODB_DATABASE: database,
      REDIS_URL: inject('redisUrl'),
      SESSION_SECRET: randomBytes(32).toString('hex'),
      SECRETS_KEY: randomBytes(32).toString('base64'),
      LOG_LEVEL: 'silent',
    }),
    [Change, ChangeSet],
  )
})
afterAll(async () => {
  await core.db.dropDatabase()
  await core.close()
})
beforeEach(async () => {
  for (const name of ['assets', 'relations', 'changes', 'changeSets'])
    await core.db.collection(name).deleteMany({})
})

const save = (steps: Step[], title = 'Test') =>
  commit(systemSession(core, 'Test'), { title, origin: ChangeOrigin.MANUAL }, steps)

async function create(count: number): Promise<ObjectId[]> {
  const ids = Array.from({ length: count }, () => new ObjectId())
  await save(ids.map((id) => createStep(id, { kind: 'SERVER', role: 'first', count: 0 })))
  return ids
}
const present = (ids: ObjectId[]) =>
  recordsOf(core, 'assets')
    .find({ _id: { $in: ids } })
    .toArray()

/** Versions without gaps, a committed set for every change, and records that are what their changes make of them. */
async function expectSound() {
  const committed = new Set(
    (await changeSetsOf(core).find({ state: 'COMMITTED' }).toArray()).map(({ _id }) => `${_id}`),
  )
  for (const record of await recordsOf(core, 'assets').find().toArray()) {
    const changes = await changesOf(core).find({ record: record._id }).sort({ version: 1 }).toArray()
    expect(changes.map(({ version }) => version)).toEqual(changes.map((_, position) => position + 1))
    expect(changes.length).toBe(record.version)
    for (const { set } of changes) expect(committed).toContain(`${set}`)
    const { _id, version, updatedAt, ...fields } = record
    expect([_id, version, updatedAt]).not.toContain(undefined)
    expect(fields).toEqual(Object.assign({}, ...changes.map(({ after }) => after)))
  }
}

describe('a writer that is killed', () => {
  it.each([
    ['after', 1, 'the set is PENDING'],
    ['after', 2, 'the changes are in'],
    ['before', 3, 'nobody has heard of the commit'],
    ['after', 3, 'the set is COMMITTED'],
    ['before', 4, 'the records may be moved'],
    ['after', 4, 'the records are moved'],
    ['after', 5, 'the set is known to be applied'],
  ] as const)('%s write %i leaves all or nothing (%s)', async (when, write, _reached) => {
    const ids = await create(5)
    await killed(write, when, 1, ids)

    await expireLeases()
    await recover(core)

    const roles = new Set((await present(ids)).map(({ role }) => role as string))
    expect(roles.size).toBe(1)
    const became = [...roles][0]
    if (when === 'after') expect(became).toBe(write >= 3 ? 'doomed' : 'first')
    expect(await changeSetsOf(core).countDocuments({ applied: false })).toBe(0)
    expect(await changeSetsOf(core).countDocuments({ state: { $ne: 'COMMITTED' } })).toBe(0)
    expect(await changesOf(core).countDocuments({})).toBe(became === 'doomed' ? 10 : 5)
    await expectSound()
    expect(await recover(core)).toEqual({ applied: 0, rolledBack: 0 })
  })

  it('is completed by the next writer who meets its records, when it had committed', async () => {
    const ids = await create(3)
    await killed(3, 'after', 1, ids)
    await expect(save([roleStep(ids[0]!, 1, 'late')])).rejects.toBeInstanceOf(Conflict)
    expect((await present(ids)).map(({ role, version }) => [role, version])).toEqual(
      ids.map(() => ['doomed', 2]),
    )
    await save([roleStep(ids[0]!, 2, 'next', { role: 'doomed' })])
    await expectSound()
  })

  it('is rolled back by the next writer once its lease is over, when it had not', async () => {
    const ids = await create(3)
    await killed(2, 'after', 1, ids)
    await expireLeases()
    await save([roleStep(ids[1]!, 1, 'next', { role: 'first' })])
    expect((await present(ids)).map(({ role }) => role as string).sort()).toEqual(['first', 'first', 'next'])
    await expectSound()
  })

  it('is waited for while its lease runs', async () => {
    const ids = await create(1)
    await killed(2, 'after', 1, ids)
    const waiting = save([roleStep(ids[0]!, 1, 'next', { role: 'first' })])
    const early = await Promise.race([waiting.then(() => 'saved'), pause(300).then(() => 'waits')])
    expect(early).toBe('waits')
    await expireLeases()
    await waiting
    await expectSound()
  })
})

describe('writers at once', () => {
  it('lose no update and record none that did not happen', async () => {
    const ids = await create(40)
    let saved = 0
    const writer = async (name: number) => {
      for (let round = 0; round < 6; round++) {
        const mine = ids.filter((_, position) => (position + name + round) % 3 !== 0)
        for (;;) {
          const rows = await present(mine)
          try {
            await save(
              rows.map((row) => ({
                ...roleStep(row._id, row.version as number, `${name}/${round}`, {
                  role: row.role,
                  count: row.count,
                }),
                after: { role: `${name}/${round}`, count: (row.count as number) + 1 },
              })),
            )
            saved += rows.length
            break
          } catch (error) {
            if (!(error instanceof Conflict)) throw error
          }
        }
      }
    }
    await Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)))

    const rows = await present(ids)
    expect(rows.reduce((sum, row) => sum + (row.count as number), 0)).toBe(saved)
    for (const row of rows) expect(row.version).toBe((row.count as number) + 1)
    expect(await changesOf(core).countDocuments({})).toBe(saved + ids.length)
    expect(await changeSetsOf(core).countDocuments({ state: 'COMMITTED' })).toBe(8 * 6 + 1)
    await recover(core)
    await expectSound()
  }, 60_000)

  it('that cross each other do not wait for ever', async () => {
    const ids = await create(20)
    const [a, b] = [ids.slice(0, 15), ids.slice(5)]
    const write = async (mine: ObjectId[], name: string) => {
      for (let round = 0; round < 5; round++)
        for (;;) {
          const rows = (await present(mine)).reverse()
          const steps = rows.map((row) => roleStep(row._id, row.version as number, name, { role: row.role }))
          if (
            await save(steps).then(
              () => true,
              (error) => isConflict(error),
            )
          )
            break
        }
    }
    await Promise.all([write(a, 'a'), write(b, 'b'), write(ids, 'c')])
    await expectSound()
  })

  it('create one thing once', async () => {
    const id = new ObjectId()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => save([createStep(id, { kind: 'SERVER', role: `${n}` })])),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expectSound()
  })
})

describe('a writer whose lease ran out', () => {
  it('does not commit, although nobody was in its way', async () => {
    const ids = await create(2)
    const insert = vi.spyOn(Object.getPrototypeOf(changesOf(core)), 'insertMany')
    insert.mockImplementationOnce(async function (this: ReturnType<typeof changesOf>, ...args: unknown[]) {
      insert.mockRestore()
      const answer = await this.insertMany(args[0] as Change[], { ordered: true })
      await expireLeases()
      return answer
    } as never)
    await expect(save(ids.map((id) => roleStep(id, 1, 'zombie')))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
    expect((await present(ids)).map(({ role }) => role as string)).toEqual(['first', 'first'])
    await recover(core)
    expect(await changesOf(core).countDocuments({})).toBe(2)
    await expectSound()
  })

  it('does not get in the way with changes that it inserts after it was rolled back', async () => {
    const ids = await create(2)
    const insert = vi.spyOn(Object.getPrototypeOf(changesOf(core)), 'insertMany')
    insert.mockImplementationOnce(async function (this: ReturnType<typeof changesOf>, ...args: unknown[]) {
      insert.mockRestore()
      await expireLeases()
      await recover(core)
      return this.insertMany(args[0] as Change[], { ordered: true })
    } as never)
    await expect(save(ids.map((id) => roleStep(id, 1, 'zombie')))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
    await save(ids.map((id) => roleStep(id, 1, 'living', { role: 'first' })))
    expect((await present(ids)).map(({ role }) => role as string)).toEqual(['living', 'living'])
    await expectSound()
  })
})

describe('commit', () => {
  it('is applied twice without harm', async () => {
    const ids = await create(3)
    const set = await save(ids.map((id) => roleStep(id, 1, 'second', { role: 'first' })))
    await save([roleStep(ids[0]!, 2, 'third', { role: 'second' })])
    const before = await present(ids)
    await changeSetsOf(core).updateOne({ _id: set!._id }, { $set: { applied: false } })
    expect(await recover(core)).toEqual({ applied: 1, rolledBack: 0 })
    expect(await present(ids)).toEqual(before)
    expect(set!.state).toBe('COMMITTED')
    await expectSound()
  })

  it('names the fields that have moved on, and leaves nothing of its own', async () => {
    const ids = await create(2)
    await save([roleStep(ids[1]!, 1, 'other', { role: 'first' })])
    const error = await save(ids.map((id) => roleStep(id, 1, 'mine'))).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ fields: ['role'], records: [ids[1]!.toHexString()] })
    expect((await present(ids)).map(({ role }) => role as string).sort()).toEqual(['first', 'other'])
    expect(await changesOf(core).countDocuments({})).toBe(3)
    await expectSound()
  })

  it('clears what is in before and not in after', async () => {
    const [id] = await create(1)
    await save([{ ...roleStep(id!, 1, 'x', { role: 'first', count: 0 }), after: { role: 'x' } }])
    expect(await present([id!])).toEqual([
      { _id: id, kind: 'SERVER', role: 'x', version: 2, updatedAt: expect.any(Date) },
    ])
  })
})

const isConflict = (error: unknown) => {
  if (error instanceof Conflict) return false
  throw error
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const expireLeases = () =>
  changeSetsOf(core).updateMany({ state: { $ne: 'COMMITTED' } }, { $set: { leaseUntil: new Date(0) } })

async function killed(write: number, when: 'before' | 'after', version: number, ids: ObjectId[]) {
  const script = join(import.meta.dirname, 'testing/dieAtWrite.ts')
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      script,
      inject('mongoUri'),
      database,
      `${write}`,
      when,
      `${version}`,
      ...ids.map(String),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  const [code, signal] = await once(child, 'exit')
  expect({ code, signal, said }).toEqual({ code: null, signal: 'SIGKILL', said: '' })
  // What had been sent when it died may still be on its way into the database.
  await pause(100)
}
