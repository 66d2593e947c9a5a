import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from './askGraphql.ts'

/** What people would add to the crawled servers: applications of each service, what they need, and for whom they run. */
interface DemoApp {
  app: { name: string; family?: string; product?: string; databaseEngine?: string; spec?: object }
  /** Role of the servers that it runs on, as in their tags. */
  role: string
  needs?: string[]
  targets?: string[]
}

const common = { environment: 'production', status: 'ACTIVE' }

const clients = [
  { name: 'Storefront customers', description: 'Everybody who buys in the web shop.' },
  { name: 'Warehouse', description: 'Picks and ships what was ordered.' },
  { name: 'Finance department', description: 'Invoices, dunning and the monthly closing.' },
]

/** Systems by the service that their servers are tagged with. */
const systems: { name: string; description: string; service: string; clients: string[] }[] = [
  {
    name: 'Web shop',
    description: 'Basket, payment and orders.',
    service: 'checkout',
    clients: ['Storefront customers'],
  },
  {
    name: 'Catalogue',
    description: 'Articles, prices and stock.',
    service: 'catalog',
    clients: ['Storefront customers', 'Warehouse'],
  },
  {
    name: 'Billing',
    description: 'Writes and books the invoices.',
    service: 'ledger',
    clients: ['Finance department'],
  },
]

const appsOf = (service: string): DemoApp[] => [
  {
    app: {
      name: `${service}-lb`,
      family: 'LOAD_BALANCER',
      product: 'HAProxy',
      spec: { loadBalancer: { endpoint: `https://${service}.example.com`, healthCheck: '/health' } },
    },
    role: 'proxy',
    targets: [`${service}-api`],
  },
  {
    app: {
      name: `${service}-api`,
      spec: { application: { endpoint: `http://${service}.internal`, ports: ['8080'] } },
    },
    role: 'api',
    needs: [`${service}-db`, `${service}-cache`, `${service}-events`],
  },
  { app: { name: `${service}-worker` }, role: 'worker', needs: [`${service}-db`, `${service}-events`] },
  {
    app: {
      name: `${service}-db`,
      family: 'DATABASE',
      product: 'PostgreSQL',
      databaseEngine: 'OTHER',
      spec: { database: { port: 5432, engineVersion: '17.2' } },
    },
    role: 'db',
  },
  {
    app: {
      name: `${service}-cache`,
      family: 'CACHE',
      product: 'Redis',
      spec: { cache: { port: 6379 } },
    },
    role: 'cache',
  },
  { app: { name: `${service}-events`, family: 'BROKER', product: 'Apache Kafka' }, role: 'queue' },
]

/** Adds the business side once the first crawl has ended; does nothing where all of it was added before. */
export async function addBusiness(ask: Ask) {
  const { done } = await ask<{ done: { totalCount: number } }>(
    `query ($name: String!) { done: systems(first: 1, filter: { name: { eq: $name }, clients: { some: {} } }) { totalCount } }`,
    { name: systems.at(-1)!.name },
  )
  if (done.totalCount) return
  await firstCrawl(ask)
  const ids = new Map<string, string>()
  const add = async (type: string, input: { name: string; [field: string]: unknown }) =>
    void ids.set(input.name, (await found(ask, type, input.name)) ?? (await made(ask, type, input)))
  for (const client of clients) await add('Client', client)
  for (const system of systems) {
    await add('System', { name: system.name, description: system.description, ...common })
    const apps = appsOf(system.service)
    for (const { app } of apps) await add('App', { ...app, ...common })
    const relations = [
      ...system.clients.map((client) => ({ kind: 'SERVES', from: system.name, to: client })),
      ...apps.flatMap(({ app: { name }, needs = [], targets = [] }, index) => [
        { kind: 'PART_OF', from: name, to: system.name, properties: { entry: index === 0 } },
        ...needs.map((to) => ({ kind: 'DEPENDS_ON', from: name, to, properties: { protocol: 'tcp' } })),
        ...targets.map((to) => ({ kind: 'TARGETS', from: name, to, properties: { protocol: 'http' } })),
      ]),
    ].map(({ from, to, ...edge }) => ({ ...edge, from: ids.get(from)!, to: ids.get(to)! }))
    await relate(ask, [...relations, ...(await placed(ask, system.service, apps, ids))])
  }
}

const fieldOf = (type: string) => type.charAt(0).toLowerCase() + type.slice(1)

/** What an earlier start has added before it was stopped. */
async function found(ask: Ask, type: string, name: string): Promise<string | undefined> {
  const { list } = await ask<{ list: { nodes: { id: string }[] } }>(
    `query ($name: String!) { list: ${fieldOf(type)}s(first: 1, filter: { name: { eq: $name } }) { nodes { id } } }`,
    { name },
  )
  return list.nodes[0]?.id
}

async function made(ask: Ask, type: string, input: object): Promise<string> {
  const { payload } = await ask<{ payload: { asset: { id: string } } }>(
    `mutation ($input: ${type}CreateInput!) {
      payload: ${fieldOf(type)}Create(input: $input) { asset: ${fieldOf(type)} { id } userErrors { message } }
    }`,
    { input },
  )
  return payload.asset.id
}

/** Each application runs on some production servers with its service and role. */
async function placed(ask: Ask, service: string, apps: DemoApp[], ids: Map<string, string>) {
  const edges = await Promise.all(
    apps.map(async ({ app, role }) => {
      const { servers } = await ask<{ servers: { nodes: { id: string }[] } }>(
        `query ($service: String!, $role: String!) { servers(first: 4, filter: {
            tag: { key: "Service", value: { eq: $service } }, role: { eq: $role }, environment: { eq: "production" } }) { nodes { id } } }`,
        { service, role },
      )
      return servers.nodes.map(({ id }, index) => ({
        kind: 'RUNS_ON',
        from: ids.get(app.name)!,
        to: id,
        ...(role === 'db' && { properties: { role: index ? 'replica' : 'primary' } }),
      }))
    }),
  )
  return edges.flat()
}

const relate = (ask: Ask, add: object[]) =>
  ask(
    `mutation ($add: [RelationAddInput!]!) { relationsUpdate(input: { add: $add }) { userErrors { message } } }`,
    {
      add,
    },
  )

/** Waits until the first crawl has ended, one minute at most: what is not there then is not placed. */
async function firstCrawl(ask: Ask) {
  for (let seconds = 0; seconds < 60; seconds++) {
    const { runs } = await ask<{ runs: { nodes: { state: string }[] } }>(
      '{ runs(first: 1) { nodes { state } } }',
    )
    if (runs.nodes.every(({ state }) => state !== 'QUEUED' && state !== 'RUNNING')) return
    await sleep(1_000)
  }
}
