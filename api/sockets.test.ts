import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { authenticate } from '../core/accounts/authenticate.ts'
import type { EntityManager } from '@mikro-orm/mongodb'
import type { Visit } from './context.ts'
import { watchCallers } from './callers.ts'
import { startTestApi, type TestApi } from './testing.ts'
import { buildApiSchema } from './schema.ts'

describe('a socket', () => {
  let api: TestApi
  beforeAll(async () => void (api = await startTestApi()))
  afterAll(() => api.close())

  it('is not opened to a stranger', async () => {
    await expect(api.subscribe('{ installation { version } }').next()).rejects.toMatchObject({ code: 4403 })
  })

  it('answers queries like HTTP does', async () => {
    const { token, userId } = await api.signUp()
    const { value } = await api.subscribe('{ viewer { id } }', {}, token).next()
    expect(value).toEqual({ data: { viewer: { id: userId } } })
    const failed = await api.subscribe('{ server(id: "nonsense") { id } }', {}, token).next()
    expect(failed.value.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('ends in every process when the person signs out in one', async () => {
    const { MONGODB_DATABASE, SESSION_SECRET } = api.core.config
    const other = await startTestApi({ settings: { MONGODB_DATABASE, SESSION_SECRET } })
    const { token } = await api.signUp()
    const socket = other.subscribe('subscription { runs { id } }', {}, token)
    const end = socket.next().catch((closed: { code: number }) => closed.code)
    await expect.poll(() => other.core.redis.pubsub('CHANNELS', '*')).toHaveLength(2)
    await api.query('mutation { sessionDelete { userErrors { code } } }', {}, token)
    expect(await end).toBe(4403)
    await other.close()
  })

  it('ends within a minute even when the message of its end was lost', async () => {
    const session = await authenticate(api.core, (await api.signUp()).token)
    const socket = Object.assign(new EventEmitter(), {
      close: (code: number) => void socket.emit('close', code),
    })
    const watch = await watchCallers(api.core, 20)
    watch.add(session, undefined, socket as unknown as WebSocket)
    const closed = once(socket, 'close')
    await api.core.db.collection('authSessions').deleteOne({ _id: session.caller.signIn! })
    expect(await closed).toEqual([4403])
    await watch.stop()
  })

  it('that does not answer does not keep the process from ending', async () => {
    const lone = await startTestApi()
    const { hostname, port, host } = new URL(lone.url)
    const mute = connect(Number(port), hostname)
    mute.on('error', () => undefined)
    mute.write(
      `GET /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    )
    const [answer] = (await once(mute, 'data')) as [Buffer]
    expect(answer.toString()).toContain('101 Switching Protocols')
    const began = performance.now()
    await lone.close()
    expect(performance.now() - began).toBeLessThan(5_000)
    mute.destroy()
  })
})

describe('each event of a subscription', () => {
  it('is resolved in a session of its own, and the source ends with the listener', async () => {
    const seen: EntityManager[] = []
    let ended = false
    async function* ticks() {
      try {
        for (let n = 0; ; n++) {
          yield { tick: String(n) }
          await delay(10)
        }
      } finally {
        ended = true
      }
    }
    const { query, mutation } = buildApiSchema().toConfig()
    const schema = new GraphQLSchema({
      query,
      mutation,
      subscription: new GraphQLObjectType({
        name: 'Subscription',
        fields: {
          tick: {
            type: GraphQLString,
            subscribe: ticks,
            resolve: (event: { tick: string }, _args, visit: Visit) => {
              seen.push(visit.em)
              return event.tick
            },
          },
        },
      }),
    })
    const api = await startTestApi({ schema })
    const { token } = await api.signUp()
    const events = api.subscribe('subscription { tick }', {}, token)
    expect((await events.next()).value).toEqual({ data: { tick: '0' } })
    expect((await events.next()).value).toEqual({ data: { tick: '1' } })
    await events.return!()
    await expect.poll(() => ended).toBe(true)
    expect(new Set(seen.slice(0, 2)).size).toBe(2)
    await api.close()
  })
})
