import { GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { MongoServerError, MongoServerSelectionError } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Conflict, fault, Forbidden, NotFound, Problem } from '../core/platform/errors.ts'
import { startTestApi, type TestApi } from './testing.ts'
import { payload } from './userErrors.ts'

const thrown: Record<string, () => unknown> = {
  bug: () => new TypeError('cannot read password of undefined at mongodb://secret'),
  missing: () => new NotFound('server', 'x'),
  forbidden: () => new Forbidden('Only administrators may do this.'),
  input: () => fault('INVALID', 'name', 'This is not a name.'),
  conflict: () => new Conflict([], ['name']),
  problem: () => new Problem('CREDENTIALS_REFUSED', 'The key was refused.', 'Make a new key.'),
  away: () =>
    new Error('find failed', {
      cause: new MongoServerSelectionError('connect ENOENT /secret.sock', {} as never),
    }),
  slow: () => new MongoServerError({ code: 50, message: 'operation exceeded time limit' }),
}

/** Stands for any API: one field for each thing that can go wrong. */
const failing = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      nothing: { type: new GraphQLNonNull(GraphQLString), resolve: () => null },
      ...Object.fromEntries(
        Object.entries(thrown).map(([name, error]) => [
          name,
          {
            type: GraphQLString,
            resolve: () => {
              throw error()
            },
          },
        ]),
      ),
    },
  }),
})

describe('an error', () => {
  let api: TestApi
  beforeAll(async () => void (api = await startTestApi({ schema: failing })))
  afterAll(() => api.close())

  it.each([
    ['missing', 'NOT_FOUND'],
    ['forbidden', 'FORBIDDEN'],
    ['input', 'BAD_USER_INPUT'],
    ['conflict', 'BAD_USER_INPUT'],
    ['problem', 'UNAVAILABLE'],
    ['away', 'UNAVAILABLE'],
    ['slow', 'TIMEOUT'],
    ['bug', 'INTERNAL'],
    ['nothing', 'INTERNAL'],
  ])('of the kind "%s" has the code %s', async (field, code) => {
    const { errors } = await api.query(`{ ${field} }`)
    expect(errors).toMatchObject([{ path: [field], extensions: { code } }])
    expect(JSON.stringify(errors)).not.toMatch(/secret|password|stack|at \/|node_modules|operation exceeded/)
  })

  it('tells the request under which the log has more, once for all of its errors', async () => {
    const { errors, headers } = await api.query('{ bug missing }')
    const id = headers.get('x-request-id')
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(errors!.map((error) => error.extensions.requestId)).toEqual([id, id])
  })

  it('of a cloud tells the remedy', async () => {
    const { errors } = await api.query('{ problem }')
    expect(errors![0]!.extensions).toMatchObject({
      problem: 'CREDENTIALS_REFUSED',
      remedy: 'Make a new key.',
    })
  })

  it.each([
    ['{ nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ nonsense', 'GRAPHQL_PARSE_FAILED'],
    ['', 'BAD_USER_INPUT'],
  ])('in the document %j has the code %s', async (document, code) => {
    const { errors, status } = await api.query(document)
    expect(status).toBe(400)
    expect(errors).toMatchObject([{ extensions: { code } }])
  })

  it('in the body is told as well', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query": ',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  })
})

describe('a mutation', () => {
  it('answers what the caller can mend as userErrors, and lets the rest rise', async () => {
    const refused = await payload(async (): Promise<{ server: string }> => {
      throw fault('TAKEN', ['tags', '0', 'key'], 'This key is taken.')
    })
    expect(refused).toEqual({
      userErrors: [{ code: 'TAKEN', field: ['tags', '0', 'key'], message: 'This key is taken.' }],
    })
    await expect(payload(() => Promise.reject(new NotFound('server')))).rejects.toBeInstanceOf(NotFound)
    expect(await payload(async () => ({ server: 'web-1' }))).toEqual({ server: 'web-1', userErrors: [] })
  })
})
