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
import { commit, commitInBatches, recover, type Step } from './commit.ts'
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

describe('a commit in batches', () => {
  const saveInBatches = (batches: () => AsyncIterable<Step[]>) =>
    commitInBatches(systemSession(core, 'Test'), { title: 'Batches', origin: ChangeOrigin.IMPORT }, batches)
  const roles = async (ids: ObjectId[]) => (await present(ids)).map(({ role }) => role as string)

  it('is one change set, and counts what all of them did', async () => {
    const old = await create(3)
    const fresh = Array.from({ length: 2500 }, () => new ObjectId())
    const set = await saveInBatches(async function* () {
      yield []
      yield old.map((id) => roleStep(id, 1, 'second', { role: 'first' }))
      for (let start = 0; start < fresh.length; start += 1000)
        yield fresh.slice(start, start + 1000).map((id) => createStep(id, { kind: 'SERVER', role: 'new' }))
    })
    expect(set).toMatchObject({
      state: 'COMMITTED',
      counts: { created: 2500, changed: 3 },
      kinds: ['SERVER'],
    })
    expect(await changeSetsOf(core).findOne({ _id: set!._id })).toMatchObject({
      state: 'COMMITTED',
      applied: true,
      counts: { created: 2500, changed: 3 },
    })
    expect(new Set(await roles(fresh))).toEqual(new Set(['new']))
    await expectSound()
    expect(await saveInBatches(async function* () {})).toBeNull()
  })

  it('leaves nothing when a later batch fails', async () => {
    const ids = await create(4)
    const failing = saveInBatches(async function* () {
      yield ids.slice(0, 2).map((id) => roleStep(id, 1, 'lost', { role: 'first' }))
      yield [createStep(new ObjectId(), { kind: 'SERVER', role: 'lost' })]
      throw new Error('A later batch is at fault')
    })
    await expect(failing).rejects.toThrow('A later batch')
    expect(await recordsOf(core, 'assets').countDocuments()).toBe(4)
    expect(await roles(ids)).toEqual(['first', 'first', 'first', 'first'])
    expect(await changesOf(core).countDocuments({})).toBe(4)
    await expectSound()
  })

  it('refuses one record in two batches', async () => {
    const [id] = await create(1)
    const twice = saveInBatches(async function* () {
      yield [roleStep(id!, 1, 'one', { role: 'first' })]
      yield [roleStep(id!, 1, 'two', { role: 'first' })]
    })
    await expect(twice).rejects.toThrow('one record twice')
    expect(await roles([id!])).toEqual(['first'])
    await expectSound()
  })

  it('begins again from the present records when another writer was faster', async () => {
    const ids = await create(2)
    let asked = 0
    await saveInBatches(async function* () {
      asked++
      const rows = await present(ids)
      if (asked === 1) await save([roleStep(ids[1]!, 1, 'other', { role: 'first' })])
      for (const row of rows) yield [roleStep(row._id, row.version as number, 'mine', { role: row.role })]
    })
    expect(asked).toBe(2)
    expect(await roles(ids)).toEqual(['mine', 'mine'])
    await expectSound()
  })

  it('keeps its lease while it goes on, and commits nothing once it has lost it', async () => {
    const ids = await create(3)
    const losing = saveInBatches(async function* () {
      yield [roleStep(ids[0]!, 1, 'lost', { role: 'first' })]
      await expireLeases()
      await recover(core)
      yield [roleStep(ids[1]!, 1, 'lost', { role: 'first' })]
    })
    await expect(losing).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await roles(ids)).toEqual(['first', 'first', 'first'])
    await recover(core)
    await expectSound()
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
