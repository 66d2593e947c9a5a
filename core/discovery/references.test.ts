import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../../api/testing.ts'
import { commit } from '../history/commit.ts'
import { decodeId } from '../platform/ids.ts'
import { systemSession } from '../platform/session.ts'
import { noCounts } from '../runs/run.ts'
import { connectionsOf, hydrateConnection } from './connection.ts'
import type { Observation } from './crawler.ts'
import { reconcilePage } from './reconcile.ts'
import { SeenIds } from './seenIds.ts'
import { sweep } from './sweep.ts'
import type { Target } from './target.ts'

const kinds = { balancers: 'APP', instances: 'SERVER', volumes: 'VOLUME', subnets: 'NETWORK' }
type Resource = keyof typeof kinds

describe('what a source says of how things hang together', () => {
  let api: TestApi
  let ada: { token: string; userId: string }
  let connection: string
  const to = (resource: Resource, externalId: string) => ({ resource, externalId })
  const server = (id: string, subnets: string[] = []): Observation => ({
    externalId: id,
    values: { name: id },
    relations: subnets.map((subnet) => ({ kind: 'CONNECTED_TO', to: to('subnets', subnet) })),
  })
  const volume = (id: string, instance: string): Observation => ({
    externalId: id,
    values: { name: id, server: to('instances', instance) },
  })
  const balancer = (id: string, targets: [string, number][]): Observation => ({
    externalId: id,
    values: { name: id, family: 'LOAD_BALANCER' },
    relations: targets.map(([instance, port]) => ({
      kind: 'TARGETS',
      to: to('instances', instance),
      properties: { port },
    })),
  })

  async function targetOf(resource: Resource, id = connection): Promise<Target> {
    const record = await connectionsOf(api.core).findOne({ _id: decodeId(id, 'Connection').id })
    return {
      connection: hydrateConnection(record!),
      account: '123456789012',
      region: 'eu-west-1',
      resource: { name: resource, label: resource, kind: kinds[resource], permissions: [], everyMinutes: 5 },
      run: new ObjectId(),
      save: commit,
      dryRun: false,
    }
  }

  /** A complete listing. */
  async function list(resource: Resource, observations: Observation[], id = connection) {
    const target = await targetOf(resource, id)
    const session = { ...systemSession(api.core, 'Crawl'), workspace: target.connection.workspace }
    const [seen, counts] = [new SeenIds(), noCounts()]
    await reconcilePage(session, target, observations, seen, counts)
    await sweep(session, target, seen, counts)
    return counts
  }

  async function ask(query: string, variables = {}, token = ada.token) {
    const { data, errors } = await api.query(query, variables, token)
    expect(errors).toBeUndefined()
    return data
  }

  const edges = async (field: string, name: string, road: string, token = ada.token) => {
    const data = await ask(
      `query ($name: String!) { list: ${field}(filter: { name: { eq: $name } }) { nodes { ${road} { edges { node { ... on Asset { name } } relation { properties { port } } } } } } }`,
      { name },
      token,
    )
    return data.list.nodes[0][road].edges.map(
      (edge: { node: { name: string }; relation: { properties: { port: number | null } } }) =>
        edge.relation.properties.port ? `${edge.node.name}:${edge.relation.properties.port}` : edge.node.name,
    ) as string[]
  }

  async function connect(person = ada, name = 'aws'): Promise<string> {
    const { datacenterCreate } = await ask(
      'mutation ($name: String!) { datacenterCreate(input: { name: $name, provider: "AWS" }) { datacenter { id } } }',
      { name },
      person.token,
    )
    const { connectionCreate } = await ask(
      `mutation ($input: ConnectionCreateInput!) { connectionCreate(input: $input) { connection { id } userErrors { message } } }`,
      {
        input: {
          name,
          provider: 'AWS',
          datacenter: datacenterCreate.datacenter.id,
          regions: ['eu-west-1'],
          settings: [
            { name: 'accessKeyId', value: 'AKIAIOSFODNN7EXAMPLE' },
            { name: 'secretAccessKey', value: 'secret' },
          ],
        },
      },
      person.token,
    )
    return connectionCreate.connection.id as string
  }

  beforeAll(async () => {
    api = await startTestApi()
    await api.signUp()
    ada = await api.signUp()
    connection = await connect()
  })
  afterAll(() => api.close())

  it('is there on both sides, whichever side is read first', async () => {
    await list('volumes', [volume('vol-1', 'i-1')])
    expect(await list('instances', [server('i-1', ['subnet-1'])])).toMatchObject({ created: 1 })
    await list('subnets', [{ externalId: 'subnet-1', values: { name: 'subnet-1', family: 'SUBNET' } }])
    expect(await edges('servers', 'i-1', 'connectedTo')).toEqual([])

    // The second reading of the same finds what was not there at the first.
    expect(await list('volumes', [volume('vol-1', 'i-1')])).toMatchObject({ changed: 1, unchanged: 0 })
    expect(await list('instances', [server('i-1', ['subnet-1'])])).toMatchObject({ changed: 1 })
    const { volumes } = await ask('{ volumes { nodes { name server { name } } } }')
    expect(volumes.nodes).toEqual([{ name: 'vol-1', server: { name: 'i-1' } }])
    expect(await edges('servers', 'i-1', 'connectedTo')).toEqual(['subnet-1'])

    expect(await list('volumes', [volume('vol-1', 'i-1')])).toMatchObject({ changed: 0, unchanged: 1 })
    expect(await list('instances', [server('i-1', ['subnet-1'])])).toMatchObject({ changed: 0, unchanged: 1 })
  })

  it('follows what the source says, and ends with the thing that it starts from', async () => {
    await list('instances', [server('i-1', ['subnet-1']), server('i-2')])
    await list('balancers', [balancer('lb-1', [['i-1', 80]])])
    expect(await edges('apps', 'lb-1', 'targets')).toEqual(['i-1:80'])
    await list('balancers', [
      balancer('lb-1', [
        ['i-1', 8080],
        ['i-2', 80],
      ]),
    ])
    expect((await edges('apps', 'lb-1', 'targets')).sort()).toEqual(['i-1:8080', 'i-2:80'])
    await list('balancers', [balancer('lb-1', [['i-2', 80]])])
    expect(await edges('apps', 'lb-1', 'targets')).toEqual(['i-2:80'])

    expect(await list('balancers', [])).toMatchObject({ missing: 1 })
    expect(await edges('apps', 'lb-1', 'targets')).toEqual(['i-2:80'])
    expect(await list('balancers', [])).toMatchObject({ gone: 1 })
    expect(await edges('servers', 'i-2', 'targetedBy')).toEqual([])
    expect(await list('balancers', [balancer('lb-1', [['i-2', 80]])])).toMatchObject({ restored: 1 })
    expect(await edges('servers', 'i-2', 'targetedBy')).toEqual(['lb-1:80'])
  })

  it('leaves what people have related as they said it', async () => {
    await list('balancers', [balancer('lb-1', [['i-2', 80]])])
    const { apps, servers } = await ask(
      '{ apps(filter: { name: { eq: "lb-1" } }) { nodes { id } } servers(filter: { name: { eq: "i-1" } }) { nodes { id } } }',
    )
    const { relationsUpdate } = await ask(
      `mutation ($from: ID!, $to: ID!) {
        relationsUpdate(input: { add: [{ kind: TARGETS, from: $from, to: $to, properties: { port: 9 } }] }) { userErrors { message } }
      }`,
      { from: apps.nodes[0].id, to: servers.nodes[0].id },
    )
    expect(relationsUpdate.userErrors).toEqual([])
    await list('balancers', [
      balancer('lb-1', [
        ['i-1', 80],
        ['i-2', 80],
      ]),
    ])
    expect((await edges('apps', 'lb-1', 'targets')).sort()).toEqual(['i-1:9', 'i-2:80'])
    await list('balancers', [balancer('lb-1', [])])
    expect(await edges('apps', 'lb-1', 'targets')).toEqual(['i-1:9'])
  })

  it('never leads into what is somebody else’s', async () => {
    const bob = await api.signUp('Bob')
    const his = await connect(bob, 'the same account')
    await list('volumes', [volume('vol-9', 'i-1')], his)
    await list('volumes', [volume('vol-9', 'i-1')], his)
    const seen = await ask(
      '{ volumes { nodes { name server { name } } } servers { totalCount } }',
      {},
      bob.token,
    )
    expect(seen).toEqual({
      volumes: { nodes: [{ name: 'vol-9', server: null }] },
      servers: { totalCount: 0 },
    })
    expect(await list('volumes', [volume('vol-9', 'i-1')], his)).toMatchObject({ unchanged: 1 })

    await list('instances', [server('i-1')], his)
    await list('volumes', [volume('vol-9', 'i-1')], his)
    const after = await ask('{ volumes { nodes { server { name } } } }', {}, bob.token)
    expect(after.volumes.nodes).toEqual([{ server: { name: 'i-1' } }])
    const { volumes } = await ask('{ volumes { nodes { name } } }')
    expect(volumes.nodes).toEqual([{ name: 'vol-1' }])
  })
})
