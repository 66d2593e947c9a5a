import { lookup as resolve, type LookupAddress } from 'node:dns'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js'
import { BadInput } from './errors.ts'

type Address = IPv4 | IPv6

/** Where a call may go beside the internet. */
export interface Aim {
  ALLOW_LOOPBACK_ENDPOINTS: boolean
  /** false: not into private networks either, which may hold clouds and much else. */
  privateNetworks?: boolean
}

const privateRanges = ['private', 'uniqueLocal', 'carrierGradeNat']

/** Where clouds answer their machines' questions about themselves, keys included, outside of the link-local range. */
const metadata = ['fd00:ec2::/32', 'fd20:ce::254/128', '100.100.100.200/32', '168.63.129.16/32'].map(
  (network) => ipaddr.parseCIDR(network),
)

/** All that the internet hands out for IPv6; what is outside may be IPv4 in disguise. */
const globalIpv6 = ipaddr.parseCIDR('2000::/3')

/** Whether a call that a person can aim may go to this address. Private networks may hold clouds, so those are fine unless said otherwise. */
export function mayCall(aim: Aim, address: string): boolean {
  // Also reads an IPv4 address that is dressed up as IPv6.
  const parsed = ipaddr.process(address)
  if (metadata.some((network) => isWithin(parsed, network))) return false
  const range = parsed.range()
  if (range === 'loopback') return aim.ALLOW_LOOPBACK_ENDPOINTS
  if (range === 'unicast' && parsed.kind() === 'ipv6') return isWithin(parsed, globalIpv6)
  if (privateRanges.includes(range)) return aim.privateNetworks ?? true
  return range === 'unicast'
}

const isWithin = (address: Address, network: [Address, number]) =>
  address.kind() === network[0].kind() && address.match(network as never)

const refusal = ({ privateNetworks = true }: Aim, host: string) =>
  privateNetworks
    ? `${host} is not a place that Maestro may call: it is this machine itself, or a service that hands out keys. Name the address of the cloud.`
    : `${host} is not a place that Maestro may call: it is this machine itself, a service that hands out keys, or in a private network. The operator can allow private networks with ALLOW_PRIVATE_WEBHOOKS.`

/** @throws BadInput when the URL names an address that may never be called; names are checked once they are resolved */
export function assertAimable(aim: Aim, url: string) {
  if (!URL.canParse(url)) throw new BadInput(`"${url.slice(0, 100)}" is not a URL.`)
  // The URL parser has already turned decimal and octal spellings into plain addresses.
  const { hostname, protocol } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new BadInput('Only http and https URLs can be called.')
  const host = hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(host) && !mayCall(aim, host)) throw new BadInput(refusal(aim, host))
}

/** Agents that check every address at the moment of the call, so that a name that changes its mind does not help. */
export function guardedAgents(aim: Aim) {
  const options = { keepAlive: true, maxSockets: 16, lookup: guardedLookup(aim) }
  return {
    httpAgent: guarded(aim, new HttpAgent(options)),
    httpsAgent: guarded(aim, new HttpsAgent(options)),
  }
}

/** Addresses that are written as such are never looked up, so they are checked where the connection is made. */
function guarded<A extends HttpAgent>(aim: Aim, agent: A): A {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, done) => {
    const host = (options.host ?? 'localhost').replace(/^\[|\]$/g, '')
    if (ipaddr.isValid(host) && !mayCall(aim, host)) throw refused(aim, host)
    return connect(options, done)
  }
  return agent
}

/** A `lookup` of net.connect and of http(s).Agent that resolves no name to an address that may not be called. */
export const guardedLookup =
  (aim: Aim): LookupFunction =>
  (hostname, options, done) =>
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return done(error, '', 0)
      const [first] = addresses
      if (!first || addresses.some(({ address }) => !mayCall(aim, address)))
        return done(refused(aim, hostname), '', 0)
      return options.all
        ? (done as (error: null, found: LookupAddress[]) => void)(null, addresses)
        : done(null, first.address, first.family)
    })

const refused = (aim: Aim, host: string) => new BadInput(refusal(aim, host))
