import fc from 'fast-check'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../api/testing.ts'
import { teamPrincipal } from '../core/accounts/team.ts'
import { principalOf } from '../core/accounts/user.ts'
import { type AccessEntry, type AccessLevel, accessLevels, higher, lower } from '../core/platform/access.ts'
import { encodeId } from '../core/platform/ids.ts'
import { makePerson, makeTeam, makeToken, type Person } from './access/people.ts'
import { makeAssets, makeConnection, makeRun, type Thing } from './access/things.ts'

/** How many random worlds are tried; more by `WORLDS=2000 npx vitest run tests/worlds.test.ts`. */
const worlds = Number(process.env.WORLDS ?? 100)

const userCount = 4
const teamCount = 3

const level = fc.constantFrom(...accessLevels)
/** Who may see something, by numbers: people first, then teams. */
const accessList = fc.uniqueArray(fc.tuple(fc.nat(userCount + teamCount - 1), level), {
  selector: ([principal]) => principal,
  maxLength: 4,
})
const world = fc.record({
  teams: fc.array(
    fc.uniqueArray(fc.tuple(fc.nat(userCount - 1), level), {
      selector: ([user]) => user,
      minLength: 1,
      maxLength: 3,
    }),
    { minLength: teamCount, maxLength: teamCount },
  ),
  datacenters: fc.array(accessList, { minLength: 1, maxLength: 3 }),
  batches: fc.array(
    fc.array(
      fc.record({
        access: accessList,
        datacenter: fc.option(fc.nat(2)),
        role: fc.nat(1),
        connection: fc.option(fc.nat(1)),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { minLength: 1, maxLength: 3 },
  ),
  apps: fc.array(
    fc.record({
      access: accessList,
      servers: fc.uniqueArray(fc.nat(5), { maxLength: 3 }),
      needs: fc.option(fc.nat(2)),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  connections: fc.array(accessList, { minLength: 2, maxLength: 2 }),
  token: fc.record({ user: fc.nat(userCount - 1), level, team: fc.option(fc.nat(teamCount - 1)) }),
  teamToken: fc.record({ team: fc.nat(teamCount - 1), level }),
  listener: fc.nat(userCount - 1),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

/** What an actor of the test may use, told without any code of the product. */
interface Actor {
  name: string
  token: string
  workspace?: string
  everything?: AccessLevel
  grants: Map<string, AccessLevel>
  /** Principals whose names it may know. */
  knows: Set<string> | 'everybody'
}

interface Asset extends Thing {
  access: AccessEntry[]
  datacenter?: Asset
  connection?: Thing & { access: AccessEntry[] }
  role?: string
  /** Of an application: on what it runs, and what it needs. */
  servers?: Asset[]
  needs?: Asset[]
}

let api: TestApi
beforeAll(async () => void (api = await startTestApi()))
afterAll(() => api.close())

const collections = [
  'assets',
  'relations',
  'changes',
  'changeSets',
  'connections',
  'runs',
  'users',
  'teams',
  'apiTokens',
  'authSessions',
]

it(
  'every read path shows exactly what the access lists allow, whoever asks',
  { timeout: 120_000 + worlds * 3_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        for (const name of collections) await api.core.db.collection(name).deleteMany({})
        await tryWorld(given)
      }),
      { numRuns: worlds, endOnFailure: true },
    )
  },
)

async function tryWorld(given: World) {
  const { core } = api
  const users = await Promise.all(Array.from({ length: userCount }, (_, n) => makePerson(core, `User ${n}`)))
  const administrator = await makePerson(core, 'Administrator', { administrator: true })
  const teams = await Promise.all(
    given.teams.map((members, n) =>
      makeTeam(
        core,
        `Team ${n}`,
        members.map(([user, of]) => [users[user]!, of]),
      ),
    ),
  )
  const principals = [
    ...users.map(({ _id }) => principalOf(_id)),
    ...teams.map(({ _id }) => teamPrincipal(_id)),
  ]
  const listOf = (list: [number, AccessLevel][]): AccessEntry[] =>
    list.map(([principal, of]) => ({ ...principals[principal]!, level: of }))

  const datacenters: Asset[] = given.datacenters.map((list, n) =>
    thing('Datacenter', `w-place-${n}`, listOf(list)),
  )
  const made = await makeAssets(
    core,
    'Add places',
    datacenters.map(({ _id, name, access }) => ({
      _id,
      kind: 'DATACENTER',
      facts: { name, provider: 'own' },
      access,
    })),
  )
  const connections = await Promise.all(
    given.connections.map(async (list, n) => ({
      ...(await makeConnection(core, `w-connection-${n}`, datacenters[0]!._id, listOf(list))),
      access: listOf(list),
    })),
  )
  const runs = await Promise.all(
    connections.map(async (one) => ({ ...(await makeRun(core, one, one.access)), access: one.access })),
  )
  const sets: { id: string; title: string; assets: Asset[] }[] = [
    { id: made.changeSet, title: 'Add places', assets: datacenters },
  ]
  for (const [number, batch] of given.batches.entries()) {
    const title = `Add batch ${number}`
    const assets = batch.map(({ access, datacenter, role, connection }, n): Asset => ({
      ...thing('Server', `w-server-${number}-${n}`, listOf(access)),
      datacenter: datacenter === null ? undefined : datacenters[datacenter % datacenters.length],
      connection: connection === null ? undefined : connections[connection],
      role: `role-${role}`,
    }))
    const { changeSet } = await makeAssets(
      core,
      title,
      assets.map(({ _id, name, access, datacenter, role }) => ({
        _id,
        kind: 'SERVER',
        facts: { name, role, hostname: 'w-alike', ...(datacenter && { datacenter: datacenter._id }) },
        access,
      })),
    )
    sets.push({ id: changeSet, title, assets })
  }
  const servers = sets.slice(1).flatMap(({ assets }) => assets)
  for (const { _id, connection } of servers) if (connection) await observe(_id, connection)

  const apps = given.apps.map(({ access, servers: places }, n): Asset => ({
    ...thing('App', `w-app-${n}`, listOf(access)),
    servers: [...new Set(places.map((place) => servers[place % servers.length]!))],
  }))
  for (const [n, app] of apps.entries()) {
    const { needs } = given.apps[n]!
    app.needs = needs === null ? [] : [apps[needs % apps.length]!]
  }
  const addApps = await makeAssets(
    core,
    'Add apps',
    apps.map(({ _id, name, access }) => ({ _id, kind: 'APP', facts: { name }, access })),
  )
  sets.push({ id: addApps.changeSet, title: 'Add apps', assets: apps })
  await relate(apps)

  const actors = await makeActors(given, users, administrator, teams)
  const all = [...datacenters, ...servers, ...apps, ...connections, ...runs]
  const moment = await touchHalf()
  for (const actor of actors)
    for (const asOf of [null, moment])
      expect(await ask(actor, datacenters, all, asOf)).toEqual(
        expectedFor(actor, { datacenters, servers, apps, connections, runs, sets }),
      )
  await listen(users[given.listener]!, actors[given.listener]!, listOf)

  async function listen(person: Person, actor: Actor, list: typeof listOf) {
    const events = api.subscribe('subscription { changeSets { title } }', {}, person.token)
    const news = api.subscribe(
      'subscription { inventoryChanged { changes { asset { name } } } }',
      {},
      person.token,
    )
    // The first event only tells where one stands.
    await news.next()
    const told: string[] = []
    const toldUntil = async (name: string) => {
      while (!told.includes(name))
        for (const { asset } of (await news.next()).value.data.inventoryChanged.changes) told.push(asset.name)
    }
    const heard: string[] = []
    const until = async (title: string) => {
      while (!heard.includes(title)) heard.push((await events.next()).value.data.changeSets.title as string)
    }
    const own: AccessEntry[] = [{ ...principalOf(person._id), level: 'READ' }]
    const add = (title: string, access: AccessEntry[]) =>
      makeAssets(core, title, [{ kind: 'DATACENTER', facts: { name: title, provider: 'own' }, access }])
    // A subscription says nothing when it begins.
    const first = until('begun')
    const beginning = setInterval(() => void add('begun', own), 50)
    await first
    clearInterval(beginning)
    const access = list(given.datacenters[0]!)
    await add('maybe', access)
    await add('end', own)
    await until('end')
    expect(heard.includes('maybe')).toBe(levelOf(actor, access) !== null)
    await toldUntil('end')
    expect(told.includes('maybe')).toBe(levelOf(actor, access) !== null)
    await events.return?.()
    await news.return?.()
  }
}

/** The relations of the applications, as they are stored. */
async function relate(apps: Asset[]) {
  const edge = (kind: string, from: Asset, toKind: string, to: Asset) => ({
    _id: new ObjectId(),
    workspace: 'main',
    kind,
    from: from._id,
    fromKind: 'APP',
    to: to._id,
    toKind,
    properties: {},
    validFrom: new Date(),
    sources: [],
    version: 1,
    updatedAt: new Date(),
  })
  const edges = apps.flatMap((app) => [
    ...app.servers!.map((server) => edge('RUNS_ON', app, 'SERVER', server)),
    ...app.needs!.map((need) => edge('DEPENDS_ON', app, 'APP', need)),
  ])
  if (edges.length) await api.core.db.collection('relations').insertMany(edges)
}

function thing(type: 'Server' | 'Datacenter' | 'App', name: string, access: AccessEntry[]): Asset {
  const _id = new ObjectId()
  return { _id, id: encodeId(type, _id), name, access }
}

/** Lets every other record count as changed later than the moment that is answered. */
async function touchHalf(): Promise<Date> {
  const moment = new Date()
  const updatedAt = new Date(moment.getTime() + 1)
  for (const name of ['assets', 'relations']) {
    const records = api.core.db.collection(name)
    const ids = await records.find({}, { projection: { _id: 1 } }).toArray()
    const half = ids.filter((_, index) => index % 2).map(({ _id }) => _id)
    await records.updateMany({ _id: { $in: half } }, { $set: { updatedAt } })
  }
  return moment
}

const observe = (asset: ObjectId, connection: Thing) =>
  api.core.db.collection('assets').updateOne(
    { _id: asset },
    {
      $set: {
        observations: [
          {
            scope: 'x',
            connection: connection._id,
            region: null,
            resource: 'instances',
            externalId: 'x',
            state: 'PRESENT',
            changedAt: new Date(),
            run: new ObjectId(),
            checksum: '',
            values: {},
          },
        ],
      },
    },
  )

async function makeActors(
  given: World,
  users: Person[],
  administrator: Person,
  teams: { _id: ObjectId; id: string }[],
): Promise<Actor[]> {
  const memberships = (user: number) =>
    given.teams.flatMap((members, team) =>
      members.filter(([member]) => member === user).map(([, of]) => ({ team, level: of })),
    )
  const hex = ({ _id }: { _id: ObjectId }) => _id.toHexString()
  const knows = (user: number) => {
    const mine = memberships(user).map(({ team }) => team)
    return new Set([
      hex(users[user]!),
      ...mine.map((team) => hex(teams[team]!)),
      ...mine.flatMap((team) => given.teams[team]!.map(([member]) => hex(users[member]!))),
    ])
  }
  const grantsOf = (user: number, most: AccessLevel) =>
    new Map<string, AccessLevel>([
      [hex(users[user]!), most],
      ...memberships(user).map(({ team, level: of }): [string, AccessLevel] => [
        hex(teams[team]!),
        lower(of, most),
      ]),
    ])
  const plain = users.map(({ token, name }, user): Actor => ({
    name,
    token,
    grants: grantsOf(user, 'ADMIN'),
    knows: knows(user),
  }))
  const narrow = users.flatMap(({ token, name }, user): Actor[] => [
    {
      name: `${name}, mine`,
      token,
      workspace: 'mine',
      grants: new Map([[hex(users[user]!), 'ADMIN']]),
      knows: knows(user),
    },
    ...memberships(user)
      .slice(0, 1)
      .map(({ team, level: of }) => ({
        name: `${name}, team ${team}`,
        token,
        workspace: teams[team]!.id,
        grants: new Map([[hex(teams[team]!), of]]),
        knows: knows(user),
      })),
  ])
  const { token: script, teamToken } = given
  const confined = memberships(script.user).find(({ team }) => team === script.team)
  const personal = await makeToken(
    api.core,
    principalOf(users[script.user]!._id),
    script.level,
    confined ? teams[confined.team]!._id : null,
  )
  const ofTeam = await makeToken(api.core, teamPrincipal(teams[teamToken.team]!._id), teamToken.level)
  return [
    ...plain,
    ...narrow,
    {
      name: 'Administrator',
      token: administrator.token,
      everything: 'ADMIN',
      grants: new Map(),
      knows: 'everybody',
    },
    {
      name: 'token of a person',
      token: personal.token,
      grants: confined
        ? new Map([[hex(teams[confined.team]!), lower(confined.level, script.level)]])
        : grantsOf(script.user, script.level),
      knows: knows(script.user),
    },
    {
      name: 'token of a team',
      token: ofTeam.token,
      grants: new Map([[hex(teams[teamToken.team]!), teamToken.level]]),
      knows: new Set([
        hex(teams[teamToken.team]!),
        ...given.teams[teamToken.team]!.map(([member]) => hex(users[member]!)),
      ]),
    },
  ]
}

/** Level at which an actor reaches a list; null: not at all. */
function levelOf({ everything, grants }: Actor, access: AccessEntry[]): AccessLevel | null {
  let found: AccessLevel | null = everything ?? null
  for (const { principal, level: of } of access) {
    const granted = grants.get(principal.toHexString())
    if (granted) found = found ? higher(found, lower(granted, of)) : lower(granted, of)
  }
  return found
}

interface Estate {
  datacenters: Asset[]
  servers: Asset[]
  apps: Asset[]
  connections: (Thing & { access: AccessEntry[] })[]
  runs: (Thing & { access: AccessEntry[] })[]
  sets: { id: string; title: string; assets: Asset[] }[]
}

/** The answer that follows from the lists alone, found by looking at everything. */
function expectedFor(actor: Actor, { datacenters, servers, apps, connections, runs, sets }: Estate) {
  const sees = ({ access }: { access: AccessEntry[] }) => levelOf(actor, access) !== null
  const ids = (things: Thing[]) => things.map(({ id }) => id).sort()
  const edgesOf = ({ datacenter }: Asset) => (datacenter && sees(datacenter) ? 1 : 0)
  const mine = servers.filter(sees)
  const roles = [...new Set(mine.map(({ role }) => role!))].sort()
  return {
    servers: mine
      .map((server) => {
        const own = levelOf(actor, server.access)!
        return {
          id: server.id,
          datacenter: server.datacenter && sees(server.datacenter) ? server.datacenter.id : null,
          can: [own !== 'READ', own === 'ADMIN', own === 'ADMIN'],
          names: server.access.map(
            ({ principal }) =>
              own === 'ADMIN' || actor.knows === 'everybody' || actor.knows.has(principal.toHexString()),
          ),
          changes: 1 + edgesOf(server),
          connections: server.connection ? [sees(server.connection) ? server.connection.id : null] : [],
        }
      })
      .sort(byKey('id')),
    serverCount: mine.length,
    facets: [
      {
        values: roles.map((value) => ({ value, count: mine.filter(({ role }) => role === value).length })),
        missingCount: mine.filter(({ role }) => !role).length,
      },
      {
        values: datacenters
          .filter(sees)
          .map((place) => ({
            value: place.id,
            count: mine.filter(({ datacenter }) => datacenter === place).length,
          }))
          .filter(({ count }) => count)
          .sort(byKey('value')),
        missingCount: mine.filter(({ datacenter }) => !datacenter || !sees(datacenter)).length,
      },
    ],
    firstPage: Math.min(2, mine.length),
    datacenters: datacenters
      .filter(sees)
      .map(({ id, ...place }) => ({
        id,
        servers: ids(mine.filter(({ datacenter }) => datacenter?._id === place._id)),
      }))
      .sort(byKey('id')),
    apps: apps
      .filter(sees)
      .map((app) => ({
        id: app.id,
        servers: ids(app.servers!.filter(sees)),
        dependencies: ids(app.needs!.filter(sees)),
        dependents: ids(apps.filter((other) => sees(other) && other.needs!.includes(app))),
        relations: [...app.servers!, ...app.needs!].filter(sees).length,
      }))
      .sort(byKey('id')),
    withApps: ids(mine.filter((server) => apps.some((app) => sees(app) && app.servers!.includes(server)))),
    withoutNeeds: ids(apps.filter((app) => sees(app) && !app.needs!.some(sees))),
    assets: ids([...datacenters, ...servers, ...apps].filter(sees)),
    // All of them carry the same address, so that each is a suspect where two are seen.
    suspects: mine.length > 1 ? [{ count: mine.length, assets: ids(mine) }] : [],
    nodes: ids([...datacenters, ...servers, ...apps, ...connections, ...runs].filter(sees)),
    found: ids(mine),
    roles: roles.map((value) => ({ value, count: mine.filter(({ role }) => role === value).length })),
    sets: sets
      .filter(({ assets }) => assets.some(sees))
      .map(({ id, title, assets }) => {
        const seen = assets.filter(sees)
        return {
          id,
          title: seen.length === assets.length ? title : `Part of a larger change: ${seen.length} created`,
          created: seen.length,
          changes: seen.length + seen.reduce((sum, asset) => sum + edgesOf(asset), 0),
          undo: assets.every(({ access }) => !['READ', null].includes(levelOf(actor, access))),
        }
      })
      .sort(byKey('id')),
    connections: connections
      .filter(sees)
      .map(({ id, _id }) => ({
        id,
        servers: mine.filter(({ connection }) => connection?._id === _id).length,
      }))
      .sort(byKey('id')),
    runs: ids(runs.filter(sees)),
    inPlaces: datacenters.map((place) =>
      ids(sees(place) ? mine.filter(({ datacenter }) => datacenter === place) : []),
    ),
  }
}

const byKey =
  <K extends string>(key: K) =>
  (a: Record<K, string>, b: Record<K, string>) =>
    a[key] < b[key] ? -1 : 1

/** The same from the API, in one request. */
/** What the actor is answered, of the present or of a moment. */
async function ask(actor: Actor, places: Asset[], all: Thing[], asOf: Date | null) {
  const inPlaces = places.map(
    (_, n) =>
      `place${n}: servers(first: 20, asOf: $asOf, filter: { datacenter: { eq: $place${n} } }) { totalCount nodes { id } }`,
  )
  const { data, errors } = await api.query(
    `query ($all: [ID!]!, $asOf: DateTimeISO, ${places.map((_, n) => `$place${n}: ID!`).join(', ')}) {
      servers(first: 20, asOf: $asOf) { totalCount facets(by: [ROLE, DATACENTER]) { values { value count } missingCount }
        nodes { id datacenter { id } viewerCan { update retire share } access { name }
        changes(first: 1) { totalCount } observations { connection { id } } } }
      firstPage: servers(first: 2, asOf: $asOf) { totalCount nodes { id } }
      datacenters(first: 10, asOf: $asOf) { nodes { id servers(first: 20) { totalCount nodes { id } } } }
      apps(first: 10, asOf: $asOf) { totalCount nodes { id servers(first: 10) { totalCount nodes { id } }
        dependencies(first: 10) { totalCount nodes { id } } dependents(first: 10) { totalCount nodes { id } }
        relations(direction: FORWARD, first: 10) { totalCount nodes { from { id } to { id } } } } }
      withApps: servers(first: 20, asOf: $asOf, filter: { apps: { some: { name: { startsWith: "w-app" } } } }) { totalCount nodes { id } }
      withoutNeeds: apps(first: 10, asOf: $asOf, filter: { dependencies: { none: {} } }) { totalCount nodes { id } }
      duplicates(kinds: [SERVER]) { totalCount nodes { count assets { id } } }
      assets(first: 40, asOf: $asOf) { totalCount nodes { id } }
      nodes(ids: $all, asOf: $asOf) { id }
      lookup(text: "w-server", first: 100) { id }
      assetFieldValues(kind: SERVER, field: "role", first: 10) { value count }
      changeSets(first: 10) { totalCount nodes { id title counts { created } viewerCanUndo changes(first: 20) { totalCount nodes { asset { id } } } } }
      connections(first: 10) { totalCount nodes { id serverCount } }
      runs(first: 10) { totalCount nodes { id } }
      ${inPlaces.join('\n')}
    }`,
    {
      asOf,
      all: all.map(({ id }) => id),
      ...Object.fromEntries(places.map(({ id }, n) => [`place${n}`, id])),
    },
    actor.token,
    actor.workspace ? { 'x-maestro-workspace': actor.workspace } : {},
  )
  if (errors) throw new Error(`${actor.name}: ${errors[0]!.message}`)
  type Row = { id: string }
  const ids = (rows: (Row | null)[]) => rows.flatMap((row) => row?.id ?? []).sort()
  type List = { totalCount: number; nodes: Row[] }
  for (const list of [
    data.changeSets,
    data.connections,
    data.runs,
    data.apps,
    data.withApps,
    data.withoutNeeds,
    data.assets,
    data.duplicates,
  ] as List[])
    expect(list.totalCount).toBe(list.nodes.length)
  return {
    servers: data.servers.nodes
      .map(
        (server: {
          id: string
          datacenter: Row | null
          viewerCan: { update: boolean; retire: boolean; share: boolean }
          access: { name: string | null }[]
          changes: { totalCount: number }
          observations: { connection: Row | null }[]
        }) => ({
          id: server.id,
          datacenter: server.datacenter?.id ?? null,
          can: [server.viewerCan.update, server.viewerCan.retire, server.viewerCan.share],
          names: server.access.map(({ name }) => name !== null),
          changes: server.changes.totalCount,
          connections: server.observations.map(({ connection }) => connection?.id ?? null),
        }),
      )
      .sort(byKey('id')),
    serverCount: data.servers.totalCount,
    facets: data.servers.facets.map(
      ({ values, ...facet }: { values: { value: string; count: number }[]; missingCount: number }) => ({
        values: values.toSorted(byKey('value')),
        ...facet,
      }),
    ),
    firstPage: data.firstPage.nodes.length,
    datacenters: data.datacenters.nodes
      .map(({ id, servers }: Row & { servers: List }) => {
        expect(servers.totalCount).toBe(servers.nodes.length)
        return { id, servers: ids(servers.nodes) }
      })
      .sort(byKey('id')),
    apps: data.apps.nodes
      .map(
        (
          app: Row & {
            servers: List
            dependencies: List
            dependents: List
            relations: { totalCount: number; nodes: { from: Row | null; to: Row | null }[] }
          },
        ) => {
          for (const list of [app.servers, app.dependencies, app.dependents])
            expect(list.totalCount).toBe(list.nodes.length)
          expect(app.relations.nodes.length).toBe(app.relations.totalCount)
          expect(app.relations.nodes.every(({ from, to }) => from && to)).toBe(true)
          return {
            id: app.id,
            servers: ids(app.servers.nodes),
            dependencies: ids(app.dependencies.nodes),
            dependents: ids(app.dependents.nodes),
            relations: app.relations.totalCount,
          }
        },
      )
      .sort(byKey('id')),
    withApps: ids(data.withApps.nodes),
    withoutNeeds: ids(data.withoutNeeds.nodes),
    assets: ids(data.assets.nodes),
    suspects: data.duplicates.nodes.map(({ count, assets }: { count: number; assets: Row[] }) => ({
      count,
      assets: ids(assets),
    })),
    nodes: ids(data.nodes),
    found: ids(data.lookup),
    roles: data.assetFieldValues.toSorted(byKey('value')),
    sets: data.changeSets.nodes
      .map(
        (set: {
          id: string
          title: string
          counts: { created: number }
          viewerCanUndo: boolean
          changes: { totalCount: number; nodes: { asset: Row | null }[] }
        }) => {
          expect(set.changes.nodes.length).toBe(set.changes.totalCount)
          expect(set.changes.nodes.every(({ asset }) => asset !== null)).toBe(true)
          return {
            id: set.id,
            title: set.title,
            created: set.counts.created,
            changes: set.changes.totalCount,
            undo: set.viewerCanUndo,
          }
        },
      )
      .sort(byKey('id')),
    connections: data.connections.nodes
      .map(({ id, serverCount }: Row & { serverCount: number }) => ({ id, servers: serverCount }))
      .sort(byKey('id')),
    runs: ids(data.runs.nodes),
    inPlaces: places.map((_, n) => {
      const list = data[`place${n}`] as List
      expect(list.totalCount).toBe(list.nodes.length)
      return ids(list.nodes)
    }),
  }
}
