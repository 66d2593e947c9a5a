import { commit } from '../history/commit.ts'
import { atMost } from '../platform/atMost.ts'
import { Problem } from '../platform/errors.ts'
import type { Core } from '../platform/core.ts'
import { systemSession } from '../platform/session.ts'
import { problemOf, type Running } from '../runs/perform.ts'
import { LogLevel, newScope, noCounts, type RunCounts, type RunScope, ScopeState } from '../runs/run.ts'
import { type Connection, connectionsOf, hydrateConnection } from './connection.ts'
import { openContext } from './context.ts'
import type { CrawlContext, Crawler, Observation, ObservationPage } from './crawler.ts'
import { findCrawler } from './crawlers.ts'
import { quarantined, quarantineOf } from './quarantine.ts'
import { identityOf, ownIdentityOf } from './identity.ts'
import { reconcilePage } from './reconcile.ts'
import { scopesOf } from './scope.ts'
import { slowDown, takeTurn } from './pace.ts'
import { planner, plansOf } from './plan.ts'
import { SeenIds } from './seenIds.ts'
import { sweep } from './sweep.ts'
import { inRegion, scopeOf, type Target } from './target.ts'
import { inWaves } from './waves.ts'

/** Scopes of one run that are listed at the same time. */
const scopesAtOnce = 4
const lookAgainAtOnce = 500

/** Reads a connection's estate, scope by scope, into the graph. A scope that fails harms neither the others nor itself. */
export async function crawl(core: Core, running: Running): Promise<void> {
  const { run, signal } = running
  const record = await connectionsOf(core).findOne({ _id: run.subject.id })
  const crawler = record && findCrawler(record.provider)
  if (!crawler)
    throw new Problem('CONNECTION_GONE', 'This connection no longer exists.', 'Nothing needs to be done.')
  const connection = hydrateConnection(record)
  const context = await openContext(core, connection, signal)
  const identity = await crawler.identify(context)
  if (connection.account !== identity.account) {
    if (connection.account)
      running.log(
        LogLevel.WARNING,
        `The key now belongs to account ${identity.account}, before it was ${connection.account}.`,
      )
    await connectionsOf(core).updateOne({ _id: connection._id }, { $set: { account: identity.account } })
  }
  running.log(LogLevel.INFO, `Signed in as ${identity.name}.`)

  const { resources: wanted, dryRun = false } = (run.input ?? {}) as CrawlInput
  // A plan that was begun by a worker that was lost is made anew.
  if (dryRun) await plansOf(core).deleteMany({ run: run._id })
  const all = await targetsOf(crawler, connection, context)
  const targets = all
    .filter(({ resource }) => !wanted || wanted.includes(resource.name))
    .map((target) => ({
      ...target,
      connection,
      account: identity.account,
      run: run._id,
      save: dryRun ? planner(core, run._id) : commit,
      dryRun,
    }))
  run.scopes = targets.map(({ region, resource }) => newScope(region, resource.name))
  running.progress()
  const waiting = new Map<Target, Observation[]>()
  for (const wave of inWaves(targets))
    await atMost(
      scopesAtOnce,
      wave.map(
        (target) => () =>
          crawlScope(core, running, crawler, context, target, run.scopes[targets.indexOf(target)]!, waiting),
      ),
    )
  if (!dryRun) await lookAgain(core, running, waiting)
}

/** What was asked for, apart from the connection. */
export interface CrawlInput {
  resources?: string[]
  dryRun?: boolean
}

/** Everything that is listed as one: what the source offers, or each resource in each region. */
async function targetsOf(crawler: Crawler, { regions }: Connection, context: CrawlContext) {
  const named = (name: string) => crawler.resources.find((resource) => resource.name === name)!
  if (crawler.offers)
    return (await crawler.offers(context)).map(({ region, resource }) => ({
      region,
      resource: named(resource),
    }))
  return crawler.resources.flatMap((resource) =>
    (resource.global || !crawler.regions.length ? [null] : regions).map((region) => ({ region, resource })),
  )
}

/** How many things of a scope are remembered that refer to what is not there yet; the rest waits for the next run. */
const maxWaiting = 20_000

/** Looks once more at what referred to things that came later in the same run. */
async function lookAgain(core: Core, running: Running, waiting: Map<Target, Observation[]>) {
  for (const [target, observations] of waiting)
    for (let start = 0; start < observations.length; start += lookAgainAtOnce) {
      running.signal.throwIfAborted()
      const page = observations.slice(start, start + lookAgainAtOnce)
      // They have been counted already.
      await reconcilePage(crawlSession(core, target), target, page, new SeenIds(), noCounts())
    }
}

async function crawlScope(
  core: Core,
  running: Running,
  crawler: Crawler,
  base: CrawlContext,
  target: Target,
  scope: RunScope,
  waiting: Map<Target, Observation[]>,
): Promise<void> {
  const { signal } = running
  const context: CrawlContext = {
    ...base,
    turn: (service) => {
      scope.calls++
      return service ? takeTurn(core, limitOf(target, service), signal) : Promise.resolve()
    },
    throttled: (service) => {
      scope.throttles++
      if (service) void slowDown(core, limitOf(target, service))
    },
  }
  const startedAt = new Date()
  scope.startedAt = startedAt
  scope.state = ScopeState.LISTING
  running.progress()
  try {
    signal.throwIfAborted()
    const { seen, unidentified } = await list(core, running, crawler, context, target, scope, waiting)
    signal.throwIfAborted()
    if (unidentified)
      throw new Problem(
        'UNIDENTIFIED_RECORDS',
        `${unidentified} of the records could not be identified, so nothing was marked missing. Everything else was saved.`,
        'Look at the quarantine of this run for the records and the reasons.',
      )
    scope.state = ScopeState.SWEEPING
    running.progress()
    await sweep(crawlSession(core, target), target, seen, scope.counts)
    if (!target.dryRun) await complete(core, target, startedAt)
    scope.state = ScopeState.COMPLETE
    running.log(LogLevel.INFO, `${target.region ?? target.resource.label}: ${summary(scope.counts)}`)
  } catch (error) {
    scope.state = running.run.cancelRequested ? ScopeState.CANCELLED : ScopeState.INCOMPLETE
    if (!signal.aborted) {
      if (!(error instanceof Problem)) core.log.error({ err: error, run: target.run }, 'A scope failed')
      scope.problem = problemOf(error)
      running.log(LogLevel.ERROR, `${target.resource.label}${inRegion(target)}: ${scope.problem.message}`)
    }
  } finally {
    scope.finishedAt = new Date()
    running.progress()
  }
}

const limitOf = ({ connection, account, region }: Target, service: string) => ({
  provider: connection.provider,
  account,
  region,
  service,
})

const summary = (counts: RunCounts) => {
  const news = (['changed', 'restored', 'missing', 'gone'] as const).filter((name) => counts[name])
  return [
    `${counts.found} found`,
    `${counts.created} new`,
    ...news.map((name) => `${counts[name]} ${name}`),
  ].join(', ')
}

async function list(
  core: Core,
  running: Running,
  crawler: Crawler,
  context: CrawlContext,
  target: Target,
  scope: RunScope,
  waiting: Map<Target, Observation[]>,
): Promise<{ seen: SeenIds; unidentified: number }> {
  const seen = new SeenIds()
  const early: Observation[] = []
  waiting.set(target, early)
  const others = running.run.scopes.some(({ resource }) => resource !== target.resource.name)
  let unidentified = 0
  // A run that is done again meets the same records again.
  await quarantineOf(core).deleteMany({ scope: scopeOf(target), run: target.run })
  for await (const page of ahead(crawler.list(context, target.resource, target.region))) {
    running.signal.throwIfAborted()
    const session = crawlSession(core, target)
    unidentified += await setAside(core, target, page, seen, scope)
    const found = await reconcilePage(session, target, page.observations, seen, scope.counts, others)
    early.push(...found.slice(0, maxWaiting - early.length))
    running.progress()
  }
  return { seen, unidentified }
}

/** Keeps what could not be read for somebody to look at; answers how much of it could not even be told apart. */
async function setAside(
  core: Core,
  target: Target,
  { unreadable }: ObservationPage,
  seen: SeenIds,
  { counts }: RunScope,
): Promise<number> {
  if (!unreadable.length) return 0
  const base = {
    connection: target.connection._id,
    run: target.run,
    scope: scopeOf(target),
    region: target.region,
    resource: target.resource.name,
  }
  await quarantineOf(core).insertMany(unreadable.map((one) => quarantined(base, one)))
  counts.found += unreadable.length
  counts.quarantined += unreadable.length
  // Its asset stays as it is: the source did report it.
  for (const { externalId } of unreadable)
    if (externalId)
      for (const identity of [identityOf, ownIdentityOf])
        seen.add(identity(crawlSession(core, target), target, externalId))
  return unreadable.filter((one) => !one.externalId).length
}

/** The listing came to its end: whatever it contained was there when it began. */
async function complete(core: Core, target: Target, startedAt: Date) {
  await scopesOf(core).updateOne(
    { _id: scopeOf(target) },
    {
      $set: {
        connection: target.connection._id,
        region: target.region,
        resource: target.resource.name,
        lastCompleteAt: startedAt,
        lastRun: target.run,
      },
    },
    { upsert: true },
  )
  await quarantineOf(core).deleteMany({ scope: scopeOf(target), run: { $ne: target.run } })
}

const crawlSession = (core: Core, { connection }: Target) => ({
  ...systemSession(core, `Crawl of ${connection.name}`),
  workspace: connection.workspace,
})

/** The same pages, each asked for while the one before is being saved. */
async function* ahead<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    for (;;) {
      const { value, done } = await next
      if (done) return
      next = iterator.next()
      next.catch(() => undefined)
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}
