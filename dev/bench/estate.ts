import type { Bench } from './bench.ts'
import { startCloud } from './cloud.ts'
import type { Target } from './load.ts'
import { type Maestro, startMaestro } from './maestro.ts'

const crawled = 1_000

/** The list that people look at most, with everything beside it. */
export const servers = (first: number) => `{ servers(first: ${first}) { nodes { id name datacenter { name }
  provenance { field origin connection { name } observedAt lastSeenAt } } } }`

export interface ServersPage {
  servers: {
    nodes: {
      name: string
      datacenter: { name: string } | null
      provenance: { connection: { name: string } | null }[]
    }[]
  }
}

/** Maestro with servers that a crawl has found; `fillServers` makes more of them. */
export async function startEstate(bench: Bench): Promise<Maestro> {
  const maestro = await startMaestro(bench)
  const cloud = await startCloud(bench, { 'eu-west-1': crawled })
  const worker = await maestro.startWorker()
  await maestro.sync(await maestro.connect(cloud))
  await worker.stop()
  await cloud.stop()
  return maestro
}

/** A page of the list as somebody asks for it. */
export const pageAs = (token: string, { url }: Maestro, first: number): Target => ({
  url: `${url}/graphql`,
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  body: JSON.stringify({ query: servers(first) }),
})
