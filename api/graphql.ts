import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import type { Server } from 'node:http'
import type { GraphQLSchema } from 'graphql'
import type { Core } from '../core/platform/core.ts'
import type { Visit } from './context.ts'
import { checkSchemaDoor } from './doors.ts'
import { formatError } from './errors.ts'
import { checkCost } from './limits.ts'

/** GraphQL over HTTP; sockets are beside it in sockets.ts and obey the same limits. */
export function createGraphql(core: Core, schema: GraphQLSchema, server: Server): ApolloServer<Visit> {
  return new ApolloServer<Visit>({
    schema,
    introspection: true,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    // Otherwise Apollo catches SIGTERM too, and the two wait for each other.
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => formatError(core.log, formatted, error),
    logger: core.log.child({ part: 'apollo' }, { level: 'warn' }),
    plugins: [
      limits(core.config.COST_LIMIT),
      ApolloServerPluginDrainHttpServer({ httpServer: server }),
      // It wraps the resolver of every field to find out what `limits` says anyway: no answer may be kept.
      ApolloServerPluginCacheControlDisabled(),
    ],
  })
}

const limits = (max: number): ApolloServerPlugin<Visit> => ({
  async requestDidStart() {
    let requested: number | undefined
    return {
      async didResolveOperation({ schema, document, operationName, request, contextValue }) {
        checkSchemaDoor(document, contextValue)
        requested = checkCost(schema, document, operationName, request.variables, max)
      },
      async willSendResponse({ response }) {
        response.http.headers.set('cache-control', 'no-store')
        if (requested === undefined || response.body.kind !== 'single') return
        const { singleResult } = response.body
        singleResult.extensions = { ...singleResult.extensions, cost: { requested, max } }
      },
    }
  },
})
