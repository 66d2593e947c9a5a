import type { Document } from 'mongodb'
import { startApi } from '../../api/server.ts'
import { entities } from '../../core/entities.ts'
import { parseConfig } from '../../core/platform/config.ts'
import { type Core, openCore } from '../../core/platform/core.ts'
import { askGraphql } from '../askGraphql.ts'
import type { Bench } from './bench.ts'
import { servers, type ServersPage } from './estate.ts'
import type { Maestro } from './maestro.ts'

export interface Command {
  name: string
  command: Document
}

export interface CountedApi {
  core: Core
  /** The commands that a page of the list takes. @throws when the page is not full, or lacks what stands beside it */
  commandsOf(token: string, first: number): Promise<Command[]>
}

/** Here the API is part of this process, so that the driver tells each command that it sends. */
export async function openCountedApi(bench: Bench, maestro: Maestro): Promise<CountedApi> {
  const core = await openCore('api', parseConfig(maestro.env), entities)
  const api = await startApi(core)
  bench.own({
    async stop() {
      await api.close()
      await core.close()
    },
  })
  let sent: Command[] = []
  core.orm.em
    .getConnection()
    .getClient()
    .on('commandStarted', ({ commandName, command }) => sent.push({ name: commandName, command }))
  await askGraphql(`${api.url}/graphql`, maestro.token)(servers(1))
  return {
    core,
    async commandsOf(token, first) {
      const ask = askGraphql(`${api.url}/graphql`, token)
      sent = []
      const { servers: page } = await ask<ServersPage>(servers(first))
      assertWhole(page, first)
      return sent
    },
  }
}

/** A page that lacks something would be cheaper than the real one. */
function assertWhole({ nodes }: ServersPage['servers'], first: number) {
  if (nodes.length !== first) throw new Error(`${nodes.length} of ${first} servers came.`)
  for (const { name, datacenter, provenance } of nodes)
    if (!datacenter || !provenance.length || provenance.some(({ connection }) => !connection))
      throw new Error(`${name} came without its datacenter or without where its facts are from.`)
}
