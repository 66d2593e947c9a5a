import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expressMiddleware } from '@as-integrations/express5'
import compression from 'compression'
import express, { type ErrorRequestHandler } from 'express'
import type { GraphQLSchema } from 'graphql'
import { GraphQLError } from 'graphql'
import { seedCatalogue } from '../core/inventory/catalogue/seed.ts'
import type { Core } from '../core/platform/core.ts'
import { CoreError } from '../core/platform/errors.ts'
import { singleSignOnRoute } from './accounts/singleSignOnRoute.ts'
import { visitOf } from './context.ts'
import { fileRoute } from './files/route.ts'
import { createGraphql } from './graphql.ts'
import { health } from './health.ts'
import { requestTimeoutMs } from './limits.ts'
import { outage } from './outage.ts'
import { nameRequest, requestId } from './requestId.ts'
import { buildApiSchema } from './schema.ts'
import { openSockets } from './sockets.ts'
import { limitTime } from './timeout.ts'
import { exportRoute } from './transfer/exportRoute.ts'
import { uploadRoute } from './uploads/route.ts'
import { graphiql, protect, webApp } from './web.ts'

export interface Api {
  url: string
  server: Server
  close(): Promise<void>
}

/** The API, the web app and their sockets on one port; answers when requests are accepted. */
export async function startApi(core: Core, schema: GraphQLSchema = buildApiSchema()): Promise<Api> {
  const { config } = core
  await seedCatalogue(core)
  const app = express()
  const server = createServer(app)
  const graphql = createGraphql(core, schema, server)
  await graphql.start()

  app.disable('x-powered-by')
  app.set('trust proxy', config.TRUST_PROXY ? 1 : false)
  app.use(nameRequest, protect(config))
  app.get('/health', health(core))
  app.use(uploadRoute(core), exportRoute(core), fileRoute(core), singleSignOnRoute(core))
  app.use(compression())
  app.get('/graphql', (request, response, next) =>
    request.query.query === undefined && request.accepts(['json', 'html']) === 'html'
      ? graphiql(config)(request, response)
      : next(),
  )
  app.use(
    '/graphql',
    limitTime(requestTimeoutMs),
    express.json({ limit: '1mb' }),
    expressMiddleware(graphql, {
      context: ({ req, res }) => visitOf(core, req, res).catch(rethrowCoded),
    }),
  )
  app.use(webApp(config))
  app.use(refuse(core))

  const url = await listen(server, config.HOST, config.PORT)
  core.baseUrl = config.BASE_URL?.replace(/\/$/, '') ?? url
  const sockets = await openSockets(core, schema, server)
  return {
    url: config.BASE_URL ?? url,
    server,
    async close() {
      await sockets.close()
      const cut = setTimeout(() => server.closeAllConnections(), 3_000)
      await graphql.stop()
      clearTimeout(cut)
    },
  }
}

/** Apollo tells an error of its context only when it is one of GraphQL. */
function rethrowCoded(error: unknown): never {
  if (error instanceof CoreError)
    throw new GraphQLError(error.message, { extensions: { code: error.code, http: { status: 400 } } })
  const away = outage(error)
  if (away) throw new GraphQLError(away.message, { extensions: { code: away.code, http: { status: 503 } } })
  throw error
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const { port } = server.address() as AddressInfo
      const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
      resolve(`http://${name}:${port}`)
    })
  })
}

/** What is left: bodies that are no JSON or too large, addresses that lead nowhere, and our own mistakes. */
const refuse =
  (core: Core): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (response.headersSent) return next(error)
    const status = Number((error as { status?: number }).status ?? 500)
    const told = status < 500
    if (!told) core.log.error({ requestId: requestId(), error }, 'A request failed unexpectedly')
    const message = told
      ? `The request could not be read: ${(error as Error).message}`
      : 'Something went wrong in Maestro itself. The log of the server tells more under this request id.'
    response.status(status).json({
      errors: [
        { message, extensions: { code: told ? 'BAD_USER_INPUT' : 'INTERNAL', requestId: requestId() } },
      ],
    })
  }
