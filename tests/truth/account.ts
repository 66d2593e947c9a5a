import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Ask } from '../../dev/askGraphql.ts'
import type { Control } from '../../dev/emulators/aws/control.ts'

export const regions = ['eu-west-1', 'us-east-1']
const region = fc.constantFrom(...regions)
const count = fc.integer({ min: 1, max: 9 })

const toSome = ['add', 'change', 'stop', 'terminate', 'remove'] as const
const toRegion = ['restore', 'failure', 'break', 'throttle', 'empty', 'recovery'] as const

/** Something that happens in a cloud, on the way there, or here. */
export type Event =
  | { does: (typeof toSome)[number]; region: string; count: number }
  | { does: (typeof toRegion)[number]; region: string }
  | { does: 'crawl' | 'crawl and cancel' }

export const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ does: fc.constantFrom(...toSome), region, count }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constantFrom(...toRegion), region }) },
  { weight: 5, arbitrary: fc.constant({ does: 'crawl' as const }) },
  { weight: 1, arbitrary: fc.constant({ does: 'crawl and cancel' as const }) },
)

interface Seen {
  id: string
  instanceId: string
  name: string
  status: string
  instanceType: string
  tags: { key: string; value: string }[]
  observations: { state: string }[]
}

/** One account of the emulated cloud, and the connection that reads it. */
export class Account {
  constructor(
    private readonly control: Control,
    private readonly ask: Ask,
    private readonly connection: string,
  ) {
    this.calm()
  }

  async happen(event: Event): Promise<void> {
    if (!('region' in event))
      return event.does === 'crawl' ? void (await this.crawl()) : this.crawlAndCancel()
    if ('count' in event) this.toSome(event.does, event.region, event.count)
    else this.toRegion(event.does, event.region)
  }

  private toSome(does: (typeof toSome)[number], region: string, number: number) {
    const { control } = this
    if (does === 'add') return control.addInstances(region, number)
    const living = control.instances(region).filter(({ state }) => state !== 'terminated')
    const which = { ids: living.slice(0, number).map(({ instanceId }) => instanceId) }
    if (does === 'change') return control.changeInstances(region, which)
    if (does === 'stop') return control.changeInstances(region, which, { state: 'stopped' })
    return does === 'terminate'
      ? control.terminateInstances(region, which)
      : control.removeInstances(region, which)
  }

  private toRegion(does: (typeof toRegion)[number], region: string) {
    const { control } = this
    if (does === 'restore') return control.restoreInstances(region)
    if (does === 'recovery') return this.calm(region)
    const faults = {
      failure: { failAfterPages: 1 },
      break: { cutAfterPages: 0 },
      throttle: { throttle: 2 },
      empty: { empty: true },
    }
    control.setFaults(region, faults[does])
  }

  /** Nothing goes wrong any more; pages take a while, so that there is a middle in which something can be killed. */
  calm(...where: string[]): void {
    for (const region of where.length ? where : regions) {
      this.control.clearFaults(region)
      this.control.setFaults(region, { slowMs: 40 })
    }
  }

  /** Syncs until the end, whatever is killed meanwhile; answers how it ended. */
  async crawl(): Promise<string> {
    return this.ended(await this.begin())
  }

  /**
   * Until a run is clean: what was killed last may still be on its way back. Tells what went wrong if none of three is.
   */
  async crawlCleanly(): Promise<void> {
    const problems: unknown[] = []
    for (let tries = 0; tries < 3; tries++) {
      const id = await this.begin()
      if ((await this.ended(id)) === 'SUCCEEDED') return
      problems.push(
        await patiently(() =>
          this.ask('query ($id: ID!) { run(id: $id) { state scopes { region problem { code message } } } }', {
            id,
          }),
        ),
      )
      await pause(2_000)
    }
    throw new Error(`None of three runs was clean: ${JSON.stringify(problems)}`)
  }

  private async crawlAndCancel() {
    const run = await this.begin()
    await patiently(() =>
      this.ask('mutation ($id: ID!) { runCancel(input: { id: $id }) { userErrors { message } } }', {
        id: run,
      }),
    )
    await this.ended(run)
  }

  private async begin(): Promise<string> {
    const { connectionSync } = await patiently(() =>
      this.ask<{ connectionSync: { run: { id: string } } }>(
        'mutation ($id: ID!) { connectionSync(input: { id: $id, resources: ["instances"] }) { run { id } userErrors { message } } }',
        { id: this.connection },
      ),
    )
    return connectionSync.run.id
  }

  private async ended(id: string): Promise<string> {
    for (;;) {
      const { run } = await patiently(() =>
        this.ask<{ run: { state: string; finishedAt: string | null } }>(
          'query ($id: ID!) { run(id: $id) { state finishedAt } }',
          {
            id,
          },
        ),
      )
      if (run.finishedAt) return run.state
      await pause(200)
    }
  }

  /** What the cloud has, as the inventory should have it. */
  private expected() {
    return regions
      .flatMap((region) => this.control.instances(region))
      .filter(({ state }) => state !== 'terminated')
      .map((one) => ({
        instanceId: one.instanceId,
        status: one.state === 'running' ? 'ACTIVE' : 'STOPPED',
        instanceType: one.type,
        tags: one.tags.map(([key, value]) => `${key}=${value}`).sort(),
      }))
      .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1))
  }

  /** After one complete run what is no longer listed is missing; after two it has ended. */
  async assertTrue(of: 'what is present' | 'all that lives') {
    const [seen, retired] = [await this.servers(), await this.servers({ retired: { eq: true } })]
    const living = seen.filter(
      ({ observations }) => of === 'all that lives' || observations.every(({ state }) => state === 'PRESENT'),
    )
    const found = living
      .map(({ instanceId, status, instanceType, tags }) => ({
        instanceId,
        status,
        instanceType,
        tags: tags.map(({ key, value }) => `${key}=${value}`).sort(),
      }))
      .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1))
    expect(found).toEqual(this.expected())
    const everything = [...seen, ...retired].map(({ instanceId }) => instanceId)
    expect(new Set(everything).size).toBe(everything.length)
  }

  private async servers(filter: object = {}): Promise<Seen[]> {
    const found: Seen[] = []
    for (let after: string | null = null; ;) {
      const page: { servers: { nodes: Seen[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
        await patiently(() =>
          this.ask(
            `query ($filter: ServerFilter, $after: String) { servers(first: 200, after: $after, filter: $filter) {
              pageInfo { hasNextPage endCursor }
              nodes { id instanceId name status instanceType tags { key value } observations { state } } } }`,
            { after, filter: { ...filter, connection: { eq: this.connection } } },
          ),
        )
      found.push(...page.servers.nodes)
      if (!page.servers.pageInfo.hasNextPage) return found
      after = page.servers.pageInfo.endCursor
    }
  }
}

/** Asks again while the API, its database or Redis is being started again. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + 60_000
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > until) throw error
      await pause(250)
    }
  }
}
