import { commit } from '../../core/history/commit.ts'
import { ChangeOrigin, recordsOf } from '../../core/history/records.ts'
import { difference } from '../../core/history/step.ts'
import { effective } from '../../core/inventory/effective.ts'
import { kindOf } from '../../core/inventory/kinds.ts'
import type { Observed } from '../../core/inventory/observation.ts'
import { decodeId } from '../../core/platform/ids.ts'
import { systemSession } from '../../core/platform/session.ts'
import { observeServers, storeConnection } from '../inventory/testing.ts'
import type { TestApi } from '../testing.ts'

/** Numbers that follow from a seed, from 0 up to 1. */
export function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Ref {
  id: string
  version: number
}

/** Somebody who does one thing after another to an inventory, as the dice fall; all of it through the API or a crawl. */
export class World {
  /** Change sets so far. */
  readonly sets: string[] = []
  private connection!: Awaited<ReturnType<typeof storeConnection>>
  private named = 0

  constructor(
    private readonly api: TestApi,
    private readonly owner: { token: string; userId: string },
    private readonly random: () => number,
  ) {}

  async begin() {
    for (const name of ['Dublin', 'Paris']) await this.create('datacenter', { name, provider: 'own' })
    const [datacenter] = await this.refs('datacenters')
    this.connection = await storeConnection(this.api.core, this.owner.userId, datacenter!.id, 'Production')
    for (let n = 0; n < 4; n++) await this.create('server', await this.facts())
    for (let n = 0; n < 2; n++) await this.create('app', { name: this.name('app') })
  }

  /** Does one thing; answers what it was. */
  async step(): Promise<string> {
    const deeds = [
      this.createServer,
      this.createApp,
      this.update,
      this.update,
      this.update,
      this.rename,
      this.retire,
      this.restore,
      this.relate,
      this.relate,
      this.relate,
      this.unrelate,
      this.say,
      this.merge,
      this.revert,
      this.revert,
      this.observe,
      this.observeAgain,
      this.release,
    ]
    const deed = this.pick(deeds)!
    await deed.call(this)
    return deed.name
  }

  private pick<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.random() * all.length)]
  }

  private name = (kind: string) => `${kind}-${++this.named}`

  private async ask(document: string, variables: object = {}) {
    const { data, errors } = await this.api.query(
      document,
      variables as Record<string, unknown>,
      this.owner.token,
    )
    if (errors) throw new Error(errors[0]!.message)
    return data
  }

  private async mutate(name: string, input: object) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
    const { answer } = await this.ask(
      `mutation ($input: ${type}!) { answer: ${name}(input: $input) { changeSet { id } userErrors { code } } }`,
      { input },
    )
    if (answer.changeSet) this.sets.push(answer.changeSet.id as string)
  }

  private create = (kind: string, input: object) => this.mutate(`${kind}Create`, input)

  private async refs(list: string): Promise<Ref[]> {
    const data = await this.ask(`{ ${list}(first: 200) { nodes { id version } } }`)
    return data[list].nodes as Ref[]
  }

  private async facts() {
    const datacenter = this.pick([null, ...(await this.refs('datacenters'))])
    return {
      name: this.name('server'),
      role: this.pick(['web', 'db', null]),
      environment: this.pick(['test', 'production', null]),
      cpu: this.pick([1, 2, 4, null]),
      status: this.pick(['ACTIVE', 'STOPPED']),
      tags: this.pick([[], [{ key: 'team', value: 'red' }]]),
      datacenter: datacenter?.id ?? null,
    }
  }

  private async createServer() {
    await this.create('server', await this.facts())
  }

  private async createApp() {
    await this.create('app', { name: this.name('app') })
  }

  private async update() {
    const server = this.pick(await this.refs('servers'))
    const facts = Object.entries(await this.facts()).filter(([name]) => name !== 'name')
    const some = Object.fromEntries(facts.filter(() => this.random() < 0.4))
    if (server) await this.mutate('serverUpdate', { ...server, ...some })
  }

  private async rename() {
    const app = this.pick(await this.refs('apps'))
    if (app) await this.mutate('appUpdate', { ...app, name: this.name('app') })
  }

  private async retire() {
    const one = this.pick(await this.refs('assets'))
    if (one) await this.mutate('assetsRetire', { assets: [one] })
  }

  private async restore() {
    // What was merged comes back by taking the merge back.
    const { assets } = await this.ask(
      '{ assets(first: 200, filter: { retired: { eq: true } }) { nodes { id version mergedInto { id } } } }',
    )
    const retired = (assets.nodes as (Ref & { mergedInto: object | null })[]).filter(
      ({ mergedInto }) => !mergedInto,
    )
    const one = this.pick(retired)
    if (one) await this.mutate('assetsRestore', { assets: [{ id: one.id, version: one.version }] })
  }

  private async relate() {
    const [app, other] = [this.pick(await this.refs('apps')), this.pick(await this.refs('apps'))]
    const server = this.pick(await this.refs('servers'))
    if (!app || !other || !server) return
    const properties = { role: this.pick(['primary', 'standby']), notes: this.pick(['a', 'b', null]) }
    await this.mutate('relationsUpdate', {
      add:
        this.random() < 0.7 || app.id === other.id
          ? [{ kind: 'RUNS_ON', from: app.id, to: server.id, properties }]
          : [{ kind: 'DEPENDS_ON', from: app.id, to: other.id }],
    })
  }

  private async relations(): Promise<Ref[]> {
    const { apps } = await this.ask(
      '{ apps(first: 200) { nodes { relations(direction: FORWARD) { nodes { id version kind } } } } }',
    )
    return (apps.nodes as { relations: { nodes: (Ref & { kind: string })[] } }[])
      .flatMap(({ relations }) => relations.nodes)
      .filter(({ kind }) => kind === 'RUNS_ON' || kind === 'DEPENDS_ON')
      .map(({ id, version }) => ({ id, version }))
  }

  private async unrelate() {
    const one = this.pick(await this.relations())
    if (one) await this.mutate('relationsUpdate', { remove: [one] })
  }

  private async say() {
    const one = this.pick(await this.relations())
    if (one)
      await this.mutate('relationsUpdate', { change: [{ ...one, properties: { notes: this.name('note') } }] })
  }

  private async merge() {
    const [into, from] = [this.pick(await this.refs('servers')), this.pick(await this.refs('servers'))]
    if (into && from && into.id !== from.id) await this.mutate('assetsMerge', { into, from: [from] })
  }

  private async revert() {
    const set = this.pick(this.sets)
    if (set) await this.mutate('changeSetRevert', { id: set })
  }

  private async release() {
    const server = this.pick(await this.refs('servers'))
    if (server) await this.mutate('assetFieldsRelease', { ...server, fields: ['cpu', 'role'] })
  }

  private async observe() {
    await observeServers(this.api.core, this.owner.userId, this.connection, [
      { name: this.name('found'), cpu: this.pick([1, 8]) },
      { name: this.name('found'), cpu: 2, environment: 'test' },
    ])
    const { changeSets } = await this.ask('{ changeSets(first: 1) { nodes { id } } }')
    this.sets.push(changeSets.nodes[0].id as string)
  }

  private async observeAgain() {
    const server = this.pick(await this.refs('servers'))
    const session = systemSession(this.api.core, 'Crawl')
    const current =
      server && (await recordsOf(this.api.core, 'assets').findOne({ _id: decodeId(server.id).id }))
    const observed = (current?.observations ?? []) as Observed[]
    if (!observed.length) return
    const observations = observed.map((one) => ({
      ...one,
      values: { ...one.values, cpu: this.pick([3, 6, 9]), role: this.pick(['web', 'mail']) },
      changedAt: session.now,
    }))
    const claims = { declared: current!.declared as never, observations }
    const fields = { observations, ...effective(kindOf('SERVER'), claims) }
    const step = difference(current!, { collection: 'assets', recordKind: 'SERVER' }, fields)
    await commit(session, { title: 'Read again', origin: ChangeOrigin.CRAWL }, step ? [step] : [])
  }
}
