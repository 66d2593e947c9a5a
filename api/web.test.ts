import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from './testing.ts'
import { limitTime } from './timeout.ts'

const bootstrap = 'document.title = "Maestro"'

describe('the web app', () => {
  let api: TestApi
  const folder = mkdtempSync(join(tmpdir(), 'maestro-web-'))
  beforeAll(async () => {
    mkdirSync(join(folder, '_app/immutable'), { recursive: true })
    mkdirSync(join(folder, 'graphiql'))
    writeFileSync(
      join(folder, 'index.html'),
      `<html><script>${bootstrap}</script><script src="/theme.js"></script></html>`,
    )
    writeFileSync(join(folder, 'theme.js'), 'let theme')
    writeFileSync(join(folder, '_app/immutable/start.1a2b3c4d.js'), 'let start')
    cpSync('web/graphiql/index.html', join(folder, 'graphiql/index.html'))
    api = await startTestApi({ settings: { WEB_DIR: folder } })
  })
  afterAll(async () => {
    await api.close()
    rmSync(folder, { recursive: true })
  })
  const page = async (path: string, headers = {}) => {
    const response = await fetch(`${api.url}${path}`, { headers: { accept: 'text/html', ...headers } })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  it('is served under every address of its own, and asked for anew each time', async () => {
    for (const path of ['/', '/servers', '/servers/U2VydmVyOjE?tab=history']) {
      const { status, headers, text } = await page(path)
      expect(status).toBe(200)
      expect(text).toContain(bootstrap)
      expect(headers.get('cache-control')).toBe('no-cache')
    }
  })

  it('lets the browser keep what never changes', async () => {
    const { headers } = await page('/_app/immutable/start.1a2b3c4d.js')
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await page('/theme.js')).headers.get('cache-control')).toBe('no-cache')
    expect((await page('/_app/immutable/gone.js')).status).toBe(404)
  })

  it('runs only scripts of its own, and is in nobody’s frame', async () => {
    const { headers } = await page('/')
    const policy = headers.get('content-security-policy')!
    const hash = createHash('sha256').update(bootstrap).digest('base64')
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}'`)
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain(`ws://${new URL(api.url).host} `)
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  it('does not let a strange host name write the policy', async () => {
    const { hostname, port } = new URL(api.url)
    const policy = await new Promise<string>((resolve, reject) =>
      get({ hostname, port, headers: { host: "x; script-src 'unsafe-inline'" } }, (response) => {
        response.resume()
        resolve(String(response.headers['content-security-policy']))
      }).on('error', reject),
    )
    expect(policy).not.toContain("script-src 'unsafe-inline'")
  })

  it('leaves nothing outside of its folder readable', async () => {
    for (const path of ['/..%2f..%2fpackage.json', '/%2e%2e/package.json', '/.env'])
      expect((await page(path)).text).not.toContain('"dependencies"')
  })

  it('has GraphiQL at /graphql for browsers, which loads nothing from elsewhere', async () => {
    const { status, headers, text } = await page('/graphql')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^text\/html/)
    expect(text).toContain('GraphiQL')
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//)
    expect(headers.get('content-security-policy')).not.toMatch(/https?:\/\//)
  })

  it('says that it is not built, where it is not', async () => {
    const bare = await startTestApi({ settings: { WEB_DIR: join(folder, 'nowhere') } })
    const response = await fetch(`${bare.url}/servers`)
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('not built')
    await bare.close()
  })
})

describe('the door', () => {
  let api: TestApi
  beforeAll(async () => void (api = await startTestApi()))
  afterAll(() => api.close())

  it('refuses what another site can make a browser send', async () => {
    const query = 'mutation { sessionDelete { userErrors { code } } }'
    const forms = [
      {
        method: 'GET',
        url: `${api.url}/graphql?query=${encodeURIComponent('{ installation { version } }')}`,
      },
      { method: 'POST', url: `${api.url}/graphql`, type: 'text/plain', body: JSON.stringify({ query }) },
      {
        method: 'POST',
        url: `${api.url}/graphql`,
        type: 'application/x-www-form-urlencoded',
        body: `query=${query}`,
      },
    ]
    for (const { method, url, type, body } of forms) {
      const response = await fetch(url, { method, body, headers: type ? { 'content-type': type } : {} })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
    }
    const asked = await fetch(forms[0]!.url, { headers: { 'apollo-require-preflight': 'true' } })
    expect(await asked.json()).toMatchObject({ data: { installation: { version: '0.1.0' } } })
  })

  it('tells whether database and Redis are there', async () => {
    const healthy = await fetch(`${api.url}/health`)
    expect(healthy.status).toBe(200)
    expect(await healthy.json()).toEqual({ ok: true, database: true, redis: true })
    api.core.redis.disconnect()
    const ill = await fetch(`${api.url}/health`)
    expect(ill.status).toBe(503)
    expect(await ill.json()).toEqual({ ok: false, database: true, redis: false })
    await api.core.redis.connect()
  })

  it('gives up a request that takes too long', async () => {
    const app = express()
    app.use(limitTime(50), () => undefined)
    const server = app.listen(0)
    const { port } = server.address() as { port: number }
    const response = await fetch(`http://127.0.0.1:${port}`)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'TIMEOUT' } }] })
    await new Promise((resolve) => server.close(resolve))
  })
})
