import { lookup as resolve, type LookupAddress } from 'node:dns'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Config } from './config.ts'
import { BadInput } from './errors.ts'

/** Addresses by which clouds answer their machines' questions about themselves, keys included. */
const metadata = ['fd00:ec2::254', 'fd20:ce::254']

/** Whether a call that a person can aim may go to this address. Private networks may hold clouds, so those are fine. */
export function mayCall(config: Pick<Config, 'ALLOW_LOOPBACK_ENDPOINTS'>, address: string): boolean {
  // Also reads an IPv4 address that is dressed up as IPv6.
  const parsed = ipaddr.process(address)
  if (metadata.some((one) => ipaddr.parse(one).toNormalizedString() === parsed.toNormalizedString()))
    return false
  const range = parsed.range()
  if (range === 'loopback') return config.ALLOW_LOOPBACK_ENDPOINTS
  return ['unicast', 'private', 'uniqueLocal', 'carrierGradeNat'].includes(range)
}

const refusal = (host: string) =>
  `${host} is not a place that Maestro may call: it is this machine itself, or a service that hands out keys. Name the address of the cloud.`

/** @throws BadInput when the URL names an address that may never be called; names are checked once they are resolved */
export function assertAimable(config: Pick<Config, 'ALLOW_LOOPBACK_ENDPOINTS'>, url: string) {
  if (!URL.canParse(url)) throw new BadInput(`"${url.slice(0, 100)}" is not a URL.`)
  // The URL parser has already turned decimal and octal spellings into plain addresses.
  const { hostname, protocol } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new BadInput('Only http and https URLs can be called.')
  const host = hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(host) && !mayCall(config, host)) throw new BadInput(refusal(host))
}

/** Agents that check every address at the moment of the call, so that a name that changes its mind does not help. */
export function guardedAgents(config: Pick<Config, 'ALLOW_LOOPBACK_ENDPOINTS'>) {
  const options = { keepAlive: true, maxSockets: 16, lookup: guardedLookup(config) }
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) }
}

const guardedLookup =
  (config: Pick<Config, 'ALLOW_LOOPBACK_ENDPOINTS'>): LookupFunction =>
  (hostname, options, done) =>
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return done(error, '', 0)
      const [first] = addresses
      if (!first || addresses.some(({ address }) => !mayCall(config, address)))
        return done(Object.assign(new BadInput(refusal(hostname)), { code: 'EREFUSED' }), '', 0)
      return options.all
        ? (done as (error: null, found: LookupAddress[]) => void)(null, addresses)
        : done(null, first.address, first.family)
    })
