import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { askGraphql, type Ask } from './askGraphql.ts'
import { freePort, startMaestro } from './testing/startedMaestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-demo-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Estate {
  servers: { totalCount: number }
  datacenters: { totalCount: number }
  systems: { totalCount: number }
  served: { totalCount: number }
  connections: { nodes: { settings: { endpoint: string }; lastRun: { state: string } | null }[] }
}

const estate = (ask: Ask) =>
  ask<Estate>(`{
    servers(first: 1) { totalCount }
    datacenters(first: 1) { totalCount }
    systems(first: 1, filter: { clients: { some: {} } }) { totalCount }
    served: servers(first: 1, filter: { apps: { some: { systems: { some: { clients: { some: {} } } } } } }) { totalCount }
    connections(first: 5) { nodes { settings lastRun { state } } }
  }`)

describe('the demo', () => {
  let cloudPort: number

  /** Starts it, signs in with what it printed, waits for its run, and stops it. */
  async function visit(): Promise<Estate> {
    const demo = startMaestro(['--demo', '--port', '0', '--data', folder], {
      DEMO_CLOUD_PORT: String(cloudPort),
    })
    try {
      const url = `${await demo.ready()}/graphql`
      const [, email, password] = /Sign in as (\S+) with the password (\S+)/.exec(demo.said)!
      const { sessionCreate } = await askGraphql(url)<{
        sessionCreate: { signedIn: { accessToken: string } }
      }>(
        `mutation ($email: String!, $password: String!) {
          sessionCreate(input: { email: $email, password: $password }) { signedIn { accessToken } userErrors { message } }
        }`,
        { email, password },
      )
      const ask = askGraphql(url, sessionCreate.signedIn.accessToken)
      await expect
        .poll(async () => (await estate(ask)).connections.nodes[0]?.lastRun?.state, {
          timeout: 90_000,
          interval: 500,
        })
        .toBe('SUCCEEDED')
      await expect
        .poll(async () => (await estate(ask)).systems.totalCount, { timeout: 30_000, interval: 500 })
        .toBe(3)
      return await estate(ask)
    } finally {
      demo.child.kill('SIGTERM')
      await demo.ended
    }
  }

  it('shows a crawled estate, and the same one after another start although its cloud had to move', async () => {
    cloudPort = await freePort()
    const first = await visit()
    expect(first.servers.totalCount).toBeGreaterThan(2000)
    expect(first.connections.nodes[0]!.settings.endpoint).toContain(`:${cloudPort}`)

    const other = createServer()
    await new Promise<void>((resolve) => other.listen(cloudPort, '127.0.0.1', resolve))
    const second = await visit()
    other.close()
    expect(second.servers.totalCount).toBe(first.servers.totalCount)
    expect(second.datacenters.totalCount).toBe(1)
    expect([second.systems.totalCount, second.served.totalCount]).toEqual([3, first.served.totalCount])
    expect(first.served.totalCount).toBeGreaterThan(40)
    expect(second.connections.nodes).toHaveLength(1)
    expect(second.connections.nodes[0]!.settings.endpoint).not.toContain(`:${cloudPort}`)
  }, 240_000)
})
