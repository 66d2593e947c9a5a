import { BSON, MongoClient } from 'mongodb'
import { connect } from 'node:net'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { FrameReader } from './wire.ts'

const uri = inject('mongoUri')
const socket = decodeURIComponent(new URL(uri).hostname || /mongodb:\/\/([^/]+)/.exec(uri)![1]!)
const client = new MongoClient(uri)

afterAll(() => client.close())

function opMsg(body: object, flags = 0): Buffer {
  const document = Buffer.from(BSON.serialize(body))
  const frame = Buffer.alloc(21 + document.length)
  frame.writeInt32LE(frame.length, 0)
  frame.writeInt32LE(7, 4)
  frame.writeInt32LE(2013, 12)
  frame.writeUInt32LE(flags, 16)
  document.copy(frame, 21)
  return frame
}

/** What comes back on a connection of its own: a document, or 'dropped'. */
function send(frame: Buffer): Promise<object | 'dropped'> {
  return new Promise((resolve) => {
    const reader = new FrameReader()
    const connection = connect(socket, () => connection.write(frame))
    connection.on('error', () => {})
    connection.on('close', () => resolve('dropped'))
    connection.on('data', (chunk) => {
      for (const message of reader.push(chunk)) {
        resolve(BSON.deserialize(message.subarray(21)))
        connection.destroy()
      }
    })
  })
}

async function stillAnswers() {
  expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 })
}

describe('the engine behind its listener', () => {
  it.each([
    'startSession',
    'endSessions',
    'refreshSessions',
    'killSessions',
    'killAllSessions',
    'killAllSessionsByPattern',
    'fsync',
    'shutdown',
    'inventedByATest',
  ])('refuses %s and lives', async (command) => {
    const refused = client.db('admin').command({ [command]: [] })
    await expect(refused).rejects.toMatchObject({ code: 59 })
    await stillAnswers()
  })

  it('does not let a refused command in by a second section or another case', async () => {
    await expect(client.db('admin').command({ StartSession: 1 })).rejects.toMatchObject({ code: 59 })
    await expect(client.db('admin').command({ '': 1, ping: 1 })).rejects.toMatchObject({ code: 59 })
    const two = Buffer.concat([
      opMsg({ ping: 1, $db: 'admin' }),
      Buffer.from([0]),
      Buffer.from(BSON.serialize({ startSession: 1 })),
    ])
    two.writeInt32LE(two.length, 0)
    expect(await send(two)).toBe('dropped')
    await stillAnswers()
  })

  it('answers a well-formed message', async () => {
    expect(await send(opMsg({ ping: 1, $db: 'admin' }))).toMatchObject({ ok: 1 })
  })

  it.each<[string, () => Buffer]>([
    ['a negative length', () => Buffer.from('ffffffff000000000000000000000000', 'hex')],
    ['a length below a header', () => Buffer.from('0f000000000000000000000000000000', 'hex')],
    ['a length of two gigabytes', () => Buffer.from('ffffff7f000000000000000000000000', 'hex')],
    ['no operation', () => Buffer.from('10000000000000000000000000000000', 'hex')],
    ['a message without a body', () => Buffer.from('140000000700000000000000dd07000000000000', 'hex')],
    ['a body longer than the message', () => Buffer.concat([opMsg({ ping: 1 })]).fill(0x7f, 21, 23)],
    ['flags that mean nothing here', () => opMsg({ ping: 1 }, 0x8)],
    ['text', () => Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ])('drops %s and lives', async (_, frame) => {
    expect(await send(frame())).toBe('dropped')
    await stillAnswers()
  })

  it('lives through bodies whose bytes were flipped', async () => {
    const body = { find: 'a', filter: { a: { $in: [1, 'x', new Date(0)] } }, sort: { a: 1 }, $db: 'fuzz' }
    const frame = opMsg(body)
    for (let at = 27; at < frame.length; at++) {
      const flipped = Buffer.from(frame)
      flipped[at]! ^= 1 << (at % 8)
      await send(flipped)
    }
    await stillAnswers()
  })

  it('puts messages together from single bytes', () => {
    const reader = new FrameReader()
    const bytes = Buffer.concat([opMsg({ ping: 1 }), opMsg({ hello: 1 })])
    const messages = [...bytes].flatMap((byte) => reader.push(Buffer.from([byte])))
    expect(Buffer.concat(messages)).toEqual(bytes)
    expect(messages).toHaveLength(2)
  })

  it('finds what no trial of a plan finds early', async () => {
    const things = client.db(`plans-${process.pid}`).collection('things')
    await things.createIndexes([{ key: { kind: 1, owner: 1 } }, { key: { kind: 1, name: 1 } }])
    await things.insertMany(
      Array.from({ length: 12_000 }, (_, n) => ({ kind: 'A', owner: 'b', name: `n${n}`, place: 'here' })),
    )
    const sought = { kind: 'A', owner: 'b', name: { $gte: 'n' }, place: 'nowhere' }
    expect(await things.find(sought).limit(5).toArray()).toEqual([])
    await client.db(`plans-${process.pid}`).dropDatabase()
  })
})
