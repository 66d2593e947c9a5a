import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocket, WebSocketServer } from 'ws'
import type { Core } from '../core/platform/core.ts'
import type { CallerSession } from '../core/accounts/caller.ts'
import { NotFound } from '../core/platform/errors.ts'
import { anew, readGreeting, type Visit, visitOfSocket } from './context.ts'
import { checkSchemaDoor } from './doors.ts'
import { formatError } from './errors.ts'
import { checkCost, checkSize, maxDocumentBytes } from './limits.ts'
import { nameOperation } from './requestId.ts'
import { watchCallers } from './callers.ts'

type SocketArgs = ExecutionArgs & { socket: WebSocket }

/** What a socket carries once its first message has shown who is there. */
type Caller = { visit: Visit }

/** Operations that one socket may have open at once. */
const maxOperations = 100

const maxBufferedBytes = 1024 * 1024

/** GraphQL over WebSockets. A socket belongs to one sign-in or token and ends with it. */
export async function openSockets(core: Core, schema: GraphQLSchema, server: Server) {
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: 8 * maxDocumentBytes })
  const callers = await watchCallers(core)
  const format = (errors: readonly GraphQLError[]) =>
    errors.map((error) => formatError(core.log, error.toJSON(), error))

  const graphql = useServer<{ authorization?: unknown; workspace?: unknown }, Caller>(
    {
      schema,
      connectionInitWaitTimeout: 5_000,
      async onConnect({ connectionParams, extra }) {
        const greeting = readGreeting(connectionParams)
        const visit = await visitOfSocket(core, greeting, extra.request).catch((error: unknown) => {
          if (error instanceof NotFound) extra.socket.close(4404, error.message)
          return undefined
        })
        if (!visit?.caller) return false
        extra.visit = visit
        callers.add(visit as CallerSession, greeting.workspace, extra.socket)
        return true
      },
      onSubscribe({ extra, subscriptions }, _id, { query, variables, operationName }) {
        return nameOperation(() => {
          try {
            if (Object.keys(subscriptions).length >= maxOperations)
              throw new GraphQLError(`At most ${maxOperations} operations may be open on one socket.`, {
                extensions: { code: 'RATE_LIMITED' },
              })
            checkSize(query)
            const document = parse(query)
            const faults = validate(schema, document)
            if (faults.length) return faults.map((fault) => coded(fault, 'GRAPHQL_VALIDATION_FAILED'))
            const visit = anew(extra.visit!)
            checkSchemaDoor(document, visit)
            checkCost(schema, document, operationName, variables, core.config.COST_LIMIT)
            if (!getOperationAST(document, operationName))
              throw new GraphQLError('There is no operation of this name in the document.', {
                extensions: { code: 'BAD_USER_INPUT' },
              })
            return {
              schema,
              document,
              operationName,
              variableValues: variables,
              contextValue: visit,
              socket: extra.socket,
            }
          } catch (error) {
            return [asGraphqlError(error)]
          }
        })
      },
      execute: (args) => execute(args as ExecutionArgs),
      subscribe: (args) => subscribeAnew(args as SocketArgs),
      onError: (_context, _id, _payload, errors) => format(errors),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors ? { ...result, errors: format(result.errors) } : result,
    },
    sockets,
    12_000,
  )
  return {
    async close() {
      await callers.stop()
      // A client that does not answer would hold us for half a minute.
      const cut = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), 1_000)
      await graphql.dispose()
      clearTimeout(cut)
    },
  }
}

/** Each event is resolved in a session of its own, so that it sees the present and not what an earlier one has read. */
async function subscribeAnew(args: SocketArgs) {
  const source = await createSourceEventStream(args)
  if (!(Symbol.asyncIterator in source)) return source
  const events = source[Symbol.asyncIterator]()
  let failed = false
  const results: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      await untilSent(args.socket)
      if (failed) return { value: undefined, done: true }
      const event = await events.next().catch((error: unknown) => ({ error }))
      if ('error' in event) {
        // The source has failed: that is told, and ends this subscription, not the whole socket.
        failed = true
        return { value: { errors: [asGraphqlError(event.error)] }, done: false }
      }
      if (event.done) return { value: undefined, done: true }
      const value = await execute({
        ...args,
        rootValue: event.value,
        contextValue: anew(args.contextValue as Visit),
      })
      return { value, done: false }
    },
    async return() {
      await events.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]: () => results,
  }
  return results
}

/** A listener who reads slowly gets fewer events, instead of all of them piled up in our memory. */
async function untilSent(socket: WebSocket) {
  while (socket.bufferedAmount > maxBufferedBytes && socket.readyState === WebSocket.OPEN) await delay(50)
}

const asGraphqlError = (error: unknown): GraphQLError => {
  if (!(error instanceof GraphQLError))
    return new GraphQLError((error as Error).message, { originalError: error as Error })
  return error.extensions.code ? error : coded(error, 'GRAPHQL_PARSE_FAILED')
}

const coded = (error: GraphQLError, code: string) =>
  new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code },
  })
