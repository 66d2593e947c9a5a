import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GraphQLSchema } from 'graphql'
import { createClient, type ExecutionResult } from 'graphql-ws'
import { inject } from 'vitest'
import { WebSocket } from 'ws'
import { entities } from '../core/entities.ts'
import { type Config, parseConfig } from '../core/platform/config.ts'
import { type Core, openCore } from '../core/platform/core.ts'
import { startApi } from './server.ts'

export interface TestApiOptions {
  /** Settings that differ from those of a test. */
  settings?: Partial<Record<keyof Config, string>>
  /** Tried in the place of the real one. */
  schema?: GraphQLSchema
}

// Tests say by their assertions what they expect of an answer.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any

export interface Answer {
  data: Loose
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[]
  extensions?: Record<string, unknown>
  status: number
  headers: Headers
}

export interface TestApi {
  url: string
  core: Core
  /** One operation over HTTP. */
  query(
    document: string,
    variables?: Record<string, unknown>,
    token?: string | null,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** Creates an account and signs in; the first one is the administrator. */
  signUp(
    name?: string,
  ): Promise<{ token: string; email: string; password: string; userId: string; cookie: string }>
  /** One operation over a WebSocket of its own; returning ends the socket. */
  subscribe(
    document: string,
    variables?: Record<string, unknown>,
    token?: string,
  ): AsyncIterableIterator<ExecutionResult<Loose>>
  /** MongoDB commands so far, by everything in this process that uses this API's connection. */
  commands(): number
  /** Names of the commands since the last call, for messages that explain a count. */
  commandNames(): string[]
  close(): Promise<void>
}

/** Settings of a test: a database name of its own on the engine of the test run. */
export function testConfig(settings: TestApiOptions['settings'] = {}): Config {
  return parseConfig({
    NODE_ENV: 'test',
    MONGODB_URI: inject('mongoUri'),
    MONGODB_DATABASE: `test-${randomBytes(6).toString('hex')}`,
    REDIS_URL: inject('redisUrl'),
    PORT: '0',
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SECRETS_KEY: randomBytes(32).toString('base64'),
    OPEN_SIGNUP: 'true',
    ALLOW_LOOPBACK_ENDPOINTS: 'true',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...settings,
  })
}

/** The real API on a port and a database of its own; tests come in by HTTP and WebSocket. */
export async function startTestApi({ settings, schema }: TestApiOptions = {}): Promise<TestApi> {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-api-'))
  const core = await openCore(
    'api',
    testConfig({ FILES_URL: join(folder, 'files'), MAIL_DIR: join(folder, 'mail'), ...settings }),
    entities,
  )
  const api = await startApi(core, schema)
  const names: string[] = []
  let total = 0
  core.orm.em
    .getConnection()
    .getClient()
    .on('commandStarted', ({ commandName }) => {
      total++
      names.push(commandName)
    })

  const query: TestApi['query'] = async (document, variables = {}, token = null, headers = {}) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query: document, variables }),
    })
    const body = (await response.json()) as Omit<Answer, 'status' | 'headers'>
    return { ...body, status: response.status, headers: response.headers }
  }

  return {
    url: api.url,
    core,
    query,
    async signUp(name = 'Ada Lovelace') {
      const email = `${randomBytes(5).toString('hex')}@example.org`
      const password = 'correct horse battery'
      const { data, errors, headers } = await query(signUpDocument, { input: { name, email, password } })
      const signedIn = data?.userSignUp.signedIn
      if (!signedIn) throw new Error(`Sign-up failed: ${JSON.stringify(errors ?? data)}`)
      const cookie = headers.get('set-cookie')!.split(';')[0]!
      return { token: signedIn.accessToken, email, password, userId: signedIn.user.id, cookie }
    },
    subscribe(document, variables = {}, token) {
      const client = createClient({
        url: `${api.url.replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: token ? { authorization: `Bearer ${token}` } : {},
      })
      const results = client.iterate({ query: document, variables })
      const end = results.return!.bind(results)
      results.return = async () => {
        await client.dispose()
        return end()
      }
      return results as AsyncIterableIterator<ExecutionResult>
    },
    commands: () => total,
    commandNames: () => names.splice(0),
    async close() {
      await api.close()
      await core.db.dropDatabase()
      await core.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const signUpDocument = `mutation ($input: UserSignUpInput!) {
  userSignUp(input: $input) {
    signedIn { accessToken user { id } }
    userErrors { code field message }
  }
}`
