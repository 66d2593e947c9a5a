import type { Call } from './actions.ts'
import type { RegionEstate } from './estate.ts'
import { Fault } from './fault.ts'
import type { Instance } from './instance.ts'
import { faultsOf, suffer } from './listing.ts'
import { numbered } from './numbered.ts'
import { firstPage, readToken } from './pages.ts'
import { renderReservations } from './render.ts'

const nothing = '<reservationSet/></DescribeInstancesResponse>'

/** The answer from `<reservationSet>` on, as bytes that were mostly rendered before. */
export async function describeInstances(call: Call): Promise<Buffer> {
  const { world, region, params, account } = call
  const estate = world.estate(account.account, region)
  const ids = numbered(params, 'InstanceId')
  const filters = readFilters(params)
  const size = Math.min(pageSize(params, ids), world.largestPage)
  const token = params.get('NextToken')
  const cursor = token ? readToken(region, token) : firstPage
  await suffer(call, cursor.page)
  if (faultsOf(call).empty) return Buffer.from(nothing)
  if (!ids.length && !filters.length)
    return world.pages.body(`${account.account} ${region}`, estate, size, cursor)
  const chosen = ids.length ? byIds(estate, ids) : everything(estate)
  return renderChosen(chosen, filters)
}

function pageSize(params: URLSearchParams, ids: string[]): number {
  const text = params.get('MaxResults')
  if (text === null) return 1000
  if (ids.length) {
    throw new Fault(
      400,
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    )
  }
  const size = Number(text)
  if (Number.isInteger(size) && size >= 5 && size <= 1000) return size
  const expected = size > 1000 ? 'less than or equal to 1000' : 'greater than or equal to 5'
  throw new Fault(
    400,
    'InvalidParameterValue',
    `Value ( ${text} ) for parameter maxResults is invalid. Expecting a value ${expected}.`,
  )
}

function byIds(estate: RegionEstate, ids: string[]): Instance[] {
  const malformed = ids.filter((id) => !/^i-[0-9a-f]{8,17}$/.test(id))
  if (malformed.length) throw new Fault(400, 'InvalidInstanceID.Malformed', `Invalid id: "${malformed[0]}"`)
  const found = ids.map((id) => estate.find(id))
  const missing = ids.filter((_, i) => !found[i])
  if (missing.length) {
    const which =
      missing.length === 1 ? `ID '${missing[0]}' does not exist` : `IDs '${missing.join(', ')}' do not exist`
    throw new Fault(400, 'InvalidInstanceID.NotFound', `The instance ${which}`)
  }
  return found.filter((instance) => instance !== null)
}

function* everything(estate: RegionEstate): Generator<Instance> {
  for (const ordinal of estate.ordinals()) yield estate.at(ordinal)
}

type Filter = [test: (instance: Instance) => string | null | undefined, values: string[]]

const readers: Record<string, (instance: Instance) => string | null> = {
  'instance-id': (it) => it.instanceId,
  'instance-state-name': (it) => it.state,
  'instance-type': (it) => it.type,
  'private-ip-address': (it) => it.privateIp,
  'availability-zone': (it) => it.zone,
  'vpc-id': (it) => it.vpcId,
  'subnet-id': (it) => it.subnetId,
  'image-id': (it) => it.imageId,
}

function readFilters(params: URLSearchParams): Filter[] {
  const filters: Filter[] = []
  for (let i = 1; params.has(`Filter.${i}.Name`); i++) {
    const name = params.get(`Filter.${i}.Name`)!
    const tag = name.startsWith('tag:') ? name.slice(4) : null
    const read =
      tag === null ? readers[name] : (it: Instance) => it.tags.find(([key]) => key === tag)?.[1] ?? null
    if (!read) throw new Fault(400, 'InvalidParameterValue', `The filter '${name}' is invalid`)
    filters.push([read, numbered(params, `Filter.${i}.Value`)])
  }
  return filters
}

/** A filtered listing comes as one page, whatever its size. */
function renderChosen(instances: Iterable<Instance>, filters: Filter[]): Buffer {
  const shown: Instance[] = []
  for (const instance of instances) {
    if (filters.every(([read, values]) => values.includes(read(instance) ?? ''))) shown.push(instance)
  }
  return Buffer.from(
    shown.length
      ? `<reservationSet>${renderReservations(shown)}</reservationSet></DescribeInstancesResponse>`
      : nothing,
  )
}
