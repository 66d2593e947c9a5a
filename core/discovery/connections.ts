import { ObjectId } from 'mongodb'
import { getUploads } from '../accounts/uploads.ts'
import { recordsOf } from '../history/records.ts'
import { getAsset } from '../inventory/find.ts'
import { kindOf } from '../inventory/kinds.ts'
import { mayReach, accessOfNew, visible } from '../platform/access.ts'
import { Conflict, type Fault, fault, NotFound, Problem, UserFault } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import { seal } from '../platform/secrets.ts'
import type { Session } from '../platform/session.ts'
import type { Run } from '../runs/run.ts'
import { Connection, connectionsOf, hydrateConnection } from './connection.ts'
import { openContext } from './context.ts'
import type { Check, CrawlContext, Crawler } from './crawler.ts'
import { crawlers, findCrawler } from './crawlers.ts'
import { requestCrawl } from './requestCrawl.ts'

export interface Setting {
  name: string
  value: string
}

export interface ConnectionInput {
  name?: string | null
  provider?: string | null
  datacenter?: string | null
  regions?: string[] | null
  enabled?: boolean | null
  settings?: Setting[] | null
  files?: string[] | null
}

const maxNameLength = 255
const maxSettingLength = 10_000

/** The connection is only stored when every field is right; the key itself is tried by {@link testConnection} and by the crawl. */
export async function createConnection(session: Session, input: ConnectionInput): Promise<Connection> {
  const crawler = crawlerNamed(input.provider)
  const faults = faultsIn(crawler, input, { settings: {}, secrets: {} })
  if (faults.length) throw new UserFault(faults)
  const connection = Object.assign(new Connection(), {
    _id: new ObjectId(),
    workspace: session.workspace,
    name: input.name!.trim(),
    provider: crawler.provider,
    datacenter: await datacenterId(session, input.datacenter!),
    regions: [...new Set(input.regions ?? [])],
    enabled: true,
    ...sorted(session, crawler, input.settings ?? []),
    uploads: await uploadIds(session, input.files),
    account: null,
    access: accessOfNew(session),
    createdByName: session.actor.name,
    version: 1,
    createdAt: session.now,
    updatedAt: session.now,
  })
  await connectionsOf(session.core).insertOne(connection)
  return connection
}

/** Only what the input names changes; a secret that is left out stays as it is. */
export async function updateConnection(
  session: Session,
  { id, version }: { id: string; version: number },
  input: ConnectionInput,
): Promise<Connection> {
  const current = await getConnection(session, id)
  assertWritable(session, current)
  const crawler = crawlerNamed(current.provider)
  const merged = { ...input, name: input.name ?? current.name, regions: input.regions ?? current.regions }
  const faults = faultsIn(crawler, merged, current)
  if (faults.length) throw new UserFault(faults)
  const { settings, secrets } = sorted(session, crawler, input.settings ?? [])
  const saved = await connectionsOf(session.core).findOneAndUpdate(
    { _id: current._id, version },
    {
      $set: {
        name: merged.name.trim(),
        regions: [...new Set(merged.regions)],
        enabled: input.enabled ?? current.enabled,
        settings: withoutEmpty({ ...current.settings, ...settings }),
        secrets: { ...current.secrets, ...secrets },
        updatedAt: session.now,
        ...(input.files && { uploads: await uploadIds(session, input.files) }),
      },
      $inc: { version: 1 },
    },
    { returnDocument: 'after' },
  )
  if (!saved) throw new Conflict([id], [])
  return hydrateConnection(saved)
}

/**
 * Starts a crawl of all that the source has, or of some resources; while one is running, that one is the answer. A dry
 * run changes nothing and tells what would be changed.
 *
 * @throws UserFault naming resources that the provider does not have
 */
export async function syncConnection(
  session: Session,
  { id, resources, dryRun }: { id: string; resources?: string[] | null; dryRun?: boolean | null },
): Promise<{ run: Run; alreadyRunning: boolean }> {
  const connection = await getConnection(session, id)
  assertWritable(session, connection)
  if (!connection.enabled)
    throw fault('LOCKED', null, `${connection.name} is switched off. Switch it on to sync it.`)
  const known = crawlerNamed(connection.provider).resources.map(({ name }) => name)
  const unknown = resources?.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw fault(
      'INVALID',
      'resources',
      `${connection.provider} has no "${unknown.slice(0, 60)}"; there are ${known.join(', ')}.`,
    )
  return requestCrawl(session, connection, {
    resources: resources?.length ? resources : null,
    dryRun: dryRun ?? false,
  })
}

export interface TestResult {
  ok: boolean
  identity: string | null
  account: string | null
  checks: Check[]
}

/** Below the time limit of a request. */
const testTimeoutMs = 12_000

/** Tries a key: whether it works, as whom, and what it may not do. With an id, the stored connection with the input laid over it. */
export async function testConnection(
  session: Session,
  id: string | null,
  input: ConnectionInput,
): Promise<TestResult> {
  const stored = id ? await getConnection(session, id) : null
  if (stored) assertWritable(session, stored)
  const crawler = crawlerNamed(stored?.provider ?? input.provider)
  const base = stored ?? { settings: {}, secrets: {}, uploads: [], regions: [] }
  const faults = faultsIn(
    crawler,
    { ...input, name: 'test', regions: input.regions ?? base.regions },
    base,
    true,
  )
  if (faults.length) throw new UserFault(faults)
  const { settings, secrets } = sorted(session, crawler, input.settings ?? [])
  const context = await openContext(
    session.core,
    {
      regions: input.regions ?? base.regions,
      settings: { ...base.settings, ...settings },
      secrets: { ...base.secrets, ...secrets },
      uploads: input.files ? await uploadIds(session, input.files) : base.uploads,
    },
    AbortSignal.timeout(testTimeoutMs),
  )
  const result = await tryKey(crawler, context)
  if (stored && result.account && !stored.account)
    await connectionsOf(session.core).updateOne({ _id: stored._id }, { $set: { account: result.account } })
  return result
}

async function tryKey(crawler: Crawler, context: CrawlContext): Promise<TestResult> {
  try {
    const identity = await crawler.identify(context)
    const checks = await crawler.check(context)
    return {
      ok: checks.every((check) => check.ok),
      identity: identity.name,
      account: identity.account,
      checks,
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { code, message, remedy } = error
    const check = { ok: false, region: null, permission: null, problem: { code, message, remedy } }
    return { ok: false, identity: null, account: null, checks: [check] }
  }
}

export async function getConnection(session: Session, id: string): Promise<Connection> {
  const found = await connectionsOf(session.core).findOne({
    _id: decodeId(id, 'Connection').id,
    ...visible(session),
  })
  if (!found) throw new NotFound('connection', id)
  return hydrateConnection(found)
}

/** Connections by name. */
export async function findConnections(
  session: Session,
  args: PageArgs,
  filter: Record<string, unknown> = {},
): Promise<Page<Connection>> {
  const condition = { ...filter, ...visible(session) }
  const page = await findPage(connectionsOf(session.core), condition, [{ field: 'name', direction: 1 }], args)
  return mapPage(page, hydrateConnection)
}

/** How many servers each connection reports, in one command. */
export async function countServers(
  session: Session,
  connections: readonly ObjectId[],
): Promise<Map<string, number>> {
  const rows = await recordsOf(session.core, 'assets')
    .aggregate<{ _id: ObjectId; count: number }>([
      {
        $match: {
          kind: 'SERVER',
          retiredAt: null,
          'observations.connection': { $in: connections },
          ...visible(session),
        },
      },
      { $unwind: '$observations' },
      { $group: { _id: '$observations.connection', count: { $sum: 1 } } },
    ])
    .toArray()
  return new Map(rows.map((row) => [row._id.toHexString(), row.count]))
}

function crawlerNamed(provider: string | null | undefined): Crawler {
  const crawler = provider && findCrawler(provider)
  if (crawler) return crawler
  const known = crawlers.map((one) => one.provider).join(', ')
  throw fault(
    'INVALID',
    'provider',
    `"${provider ?? ''}" is not a provider that can be connected; these are: ${known}.`,
  )
}

const assertWritable = (session: Session, connection: Connection) => {
  if (!mayReach(session, connection.access, 'WRITE'))
    throw fault('FORBIDDEN', null, `You may see ${connection.name}, but not change or sync it.`)
}

function faultsIn(
  crawler: Crawler,
  input: ConnectionInput,
  stored: Pick<Connection, 'settings' | 'secrets'>,
  testing = false,
): Fault[] {
  const faults: Fault[] = []
  const add = (code: Fault['code'], field: string, message: string) =>
    faults.push({ code, field: [field], message })
  const name = input.name?.trim() ?? ''
  if (!name) add('REQUIRED', 'name', 'A name is needed.')
  if (name.length > maxNameLength) add('TOO_LONG', 'name', `A name may have ${maxNameLength} characters.`)
  const given = new Map((input.settings ?? []).map((setting) => [setting.name, setting.value]))
  for (const field of crawler.fields) {
    const value =
      given.get(field.name)?.trim() ?? stored.settings[field.name] ?? stored.secrets[field.name] ?? ''
    if (field.required && !value) add('REQUIRED', field.name, `${field.label} is needed.`)
    else if (value.length > maxSettingLength) add('TOO_LONG', field.name, `${field.label} is too long.`)
    else if (field.type === 'URL' && value && !isUrl(value))
      add('INVALID', field.name, `${field.label} must be a URL such as https://ec2.example.com.`)
  }
  for (const unknown of [...given.keys()].filter(
    (one) => !crawler.fields.some((field) => field.name === one),
  ))
    add('INVALID', 'settings', `${crawler.name} has no setting "${unknown.slice(0, 60)}".`)
  if (crawler.regions.length && !input.regions?.length)
    add('REQUIRED', 'regions', 'Choose at least one region.')
  for (const region of (input.regions ?? []).filter((one) => !/^[a-z0-9-]{1,40}$/.test(one)))
    add('INVALID', 'regions', `"${region.slice(0, 60)}" is not the name of a region.`)
  if (!testing && input.datacenter === '')
    add('REQUIRED', 'datacenter', 'Choose the datacenter that this belongs to.')
  return faults
}

const isUrl = (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)

/** Secrets sealed, everything else as it is; empty secrets mean "leave it". */
function sorted(
  session: Session,
  crawler: Crawler,
  given: Setting[],
): Pick<Connection, 'settings' | 'secrets'> {
  const secret = (name: string) =>
    crawler.fields.some((field) => field.name === name && field.type === 'SECRET')
  const of = (wanted: boolean) => given.filter(({ name }) => secret(name) === wanted)
  return {
    settings: Object.fromEntries(of(false).map(({ name, value }) => [name, value.trim()])),
    secrets: Object.fromEntries(
      of(true)
        .filter(({ value }) => value.trim())
        .map(({ name, value }) => [name, seal(session.core.config.SECRETS_KEY, value.trim())]),
    ),
  }
}

const withoutEmpty = (settings: Record<string, string>) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value))

async function datacenterId(session: Session, id: string): Promise<ObjectId> {
  try {
    return (await getAsset(session, id, kindOf('DATACENTER')))._id
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    throw fault('NOT_FOUND', 'datacenter', 'This datacenter does not exist, or you may not see it.')
  }
}

const uploadIds = async (session: Session, ids: string[] | null | undefined) =>
  ids?.length ? (await getUploads(session, ids)).map((upload) => upload._id) : []
