import type { IncomingHttpHeaders } from 'node:http'
import { arnOf, requirePermission, userIdOf, type Account } from './accounts.ts'
import { enabledRegions, optInRegions, zoneId, zoneLetters } from './catalogue.ts'
import { describeInstances } from './describeInstances.ts'
import { listings } from './ec2/actions.ts'
import { Fault } from './fault.ts'
import type { World } from './world.ts'

export interface Call {
  world: World
  account: Account
  region: string
  service: string
  params: URLSearchParams
  requestId: string
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  /** Set by a fault: send half of the answer and break the connection. */
  cut: boolean
}

const ec2 = {
  DescribeInstances: describeInstances,
  DescribeRegions: describeRegions,
  DescribeAvailabilityZones: describeAvailabilityZones,
  ...listings,
}

/** The pieces of a successful answer, to be sent one after the other. */
export async function perform(call: Call): Promise<[head: string, body: Buffer]> {
  const action = call.params.get('Action')
  if (!action) throw new Fault(400, 'MissingAction', 'The request must contain the parameter Action')
  if (call.service === 'sts') return [getCallerIdentity(call, action), Buffer.alloc(0)]
  const version = call.params.get('Version')
  if (!(action in ec2) || version !== '2016-11-15') {
    throw new Fault(400, 'InvalidAction', `The action ${action} is not valid for this web service.`)
  }
  requirePermission(call.account, `ec2:${action}`)
  if (call.params.get('DryRun') === 'true') {
    throw new Fault(412, 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.')
  }
  const body = await ec2[action as keyof typeof ec2](call)
  const head =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${call.requestId}</requestId>`
  return [head, body]
}

function getCallerIdentity(call: Call, action: string): string {
  if (action !== 'GetCallerIdentity') {
    const message = `Could not find operation ${action} for version ${call.params.get('Version')}`
    throw new Fault(400, 'InvalidAction', message)
  }
  return (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
    `<Arn>${arnOf(call.account)}</Arn><UserId>${userIdOf(call.account)}</UserId><Account>${call.account.account}</Account>` +
    `</GetCallerIdentityResult><ResponseMetadata><RequestId>${call.requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`
  )
}

function describeRegions({ world, params }: Call): Buffer {
  const asked = [...params].filter(([key]) => key.startsWith('RegionName.')).map(([, value]) => value)
  const known = [...world.knownRegions]
  const wrong = asked.find((name) => !known.includes(name) && !optInRegions.includes(name))
  if (wrong) throw new Fault(400, 'InvalidParameterValue', `Invalid region: '${wrong}'`)
  const listed = asked.length
    ? asked
    : params.get('AllRegions') === 'true'
      ? [...known, ...optInRegions]
      : known
  const items = [...new Set(listed)].sort().map((name) => {
    const status = !known.includes(name)
      ? 'not-opted-in'
      : enabledRegions.includes(name)
        ? 'opt-in-not-required'
        : 'opted-in'
    return `<item><regionName>${name}</regionName><regionEndpoint>ec2.${name}.amazonaws.com</regionEndpoint><optInStatus>${status}</optInStatus></item>`
  })
  return Buffer.from(`<regionInfo>${items.join('')}</regionInfo></DescribeRegionsResponse>`)
}

function describeAvailabilityZones({ region }: Call): Buffer {
  const items = zoneLetters.map(
    (letter) =>
      `<item><optInStatus>opt-in-not-required</optInStatus><messageSet/><regionName>${region}</regionName>` +
      `<zoneName>${region}${letter}</zoneName><zoneId>${zoneId(region, letter)}</zoneId><groupName>${region}-zg-1</groupName>` +
      `<networkBorderGroup>${region}</networkBorderGroup><zoneType>availability-zone</zoneType><zoneState>available</zoneState></item>`,
  )
  return Buffer.from(
    `<availabilityZoneInfo>${items.join('')}</availabilityZoneInfo></DescribeAvailabilityZonesResponse>`,
  )
}
