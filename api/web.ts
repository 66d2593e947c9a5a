import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import express, { type Request, type Response, Router } from 'express'
import helmet from 'helmet'
import type { Config } from '../core/platform/config.ts'

/** What the browser may load: nothing from anywhere else. Inline scripts only as the build has written them. */
export const protect = (config: Config) => {
  const secure = config.BASE_URL?.startsWith('https:') ?? false
  return helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: secure,
    originAgentCluster: secure,
    crossOriginOpenerPolicy: secure,
    referrerPolicy: { policy: 'same-origin' },
  })
}

/** The web app and GraphiQL, as built. */
export function webApp(config: Config): Router {
  const folder = resolve(config.WEB_DIR)
  const router = Router()
  router.use((request, response, next) => {
    response.setHeader('content-security-policy', policy(request, []))
    next()
  })
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders(response, path) {
        response.setHeader(
          'cache-control',
          isHashed(folder, path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        )
      },
    }),
  )
  router.get('/{*path}', async (request, response, next) => {
    if (/\.\w{1,5}$/.test(request.path) || request.path.startsWith('/files/')) return next()
    await sendPage(request, response, join(folder, 'index.html'))
  })
  return router
}

/** GraphiQL in the place of an answer, for a browser that opens the API's address. */
export const graphiql = (config: Config) => (request: Request, response: Response) =>
  sendPage(request, response, join(resolve(config.WEB_DIR), 'graphiql', 'index.html'))

async function sendPage(request: Request, response: Response, file: string) {
  const page = await readFile(file, 'utf8').catch(() => undefined)
  response.type('html').setHeader('cache-control', 'no-cache')
  response.setHeader('content-security-policy', policy(request, inlineScripts(page ?? '')))
  if (page) response.send(page)
  else response.status(503).send(notBuilt)
}

function policy(request: Request, scripts: string[]): string {
  const { host } = request.headers
  // Some browsers do not count a WebSocket of the same host as 'self'.
  const sockets = host && /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : ''
  return [
    "default-src 'self'",
    ["script-src 'self'", ...scripts].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${sockets}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const inlineScripts = (page: string): string[] =>
  [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`,
  )

const isHashed = (folder: string, path: string) => {
  const inside = path.slice(folder.length + 1).split(sep)
  return (
    (inside[0] === '_app' && inside.at(-1) !== 'version.json') ||
    (inside[0] === 'graphiql' && inside[1] === 'assets')
  )
}

const notBuilt = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Maestro</title></head>
  <body style="font: 16px/1.5 system-ui; margin: 4rem auto; max-width: 36rem; padding: 0 1rem">
    <h1>The web app is not built</h1>
    <p>The API runs, and answers at <code>/graphql</code>. Run <code>npm run build:web</code> and load this page again.</p>
  </body>
</html>
`
