import ipaddr from 'ipaddr.js'
import type { Facts } from './facts.ts'

export interface Addresses {
  ipv4Private: string | undefined
  ipv4Public: string | undefined
  ipAddresses: string[]
  macAddresses: string[]
}

/** Cards that software makes for its own traffic. They are the same on every host, or new after every start. */
const internalCard =
  /^(lo\d*|docker\d+|docker_gwbridge|br-[0-9a-f]{12}|veth.*|virbr\d+.*|vnet\d+|tap.*|cali.*|cni.*|flannel.*|cilium.*|lxc.*|lxdbr\d+|podman\d+|kube-.*|nodelocaldns|tunl\d+|ip6tnl\d+|sit\d+|gre\d+|ifb\d+|dummy\d+|awdl\d+|llw\d+|anpi\d+)$/

export function addressesOf(facts: Facts): Addresses {
  const all = cardsOf(facts)
  const internal = new Set(all.filter((card) => card.internal).flatMap((card) => card.addresses))
  const main = mainAddress(facts, all)
  const listed = ['all_ipv4_addresses', 'all_ipv6_addresses', 'ip_addresses'].flatMap((name) =>
    facts.texts(name),
  )
  const ipAddresses = sorted([
    ...listed.map(normalized).filter((address) => address && !internal.has(address)),
    ...all.filter((card) => !card.internal).flatMap((card) => card.addresses),
    main,
  ])
  const candidates = [main, ...ipAddresses].filter((address) => address !== undefined && isV4(address))
  return {
    ipv4Private: candidates.find((address) => !isPublic(address!)),
    ipv4Public: candidates.find((address) => isPublic(address!)),
    ipAddresses,
    macAddresses: [
      ...new Set(
        [mainCardAddress(facts), ...all.flatMap((card) => (card.internal ? [] : card.macs))].filter(
          (mac) => mac !== undefined,
        ),
      ),
    ].sort(),
  }
}

/** Hardware address of the card that leads out, if the facts tell. */
export function mainCardAddress(facts: Facts): string | undefined {
  const told = normalizedMac(facts.group('default_ipv4')?.text('macaddress'))
  return told ?? gatewayCard(cardsOf(facts))?.macs[0]
}

const mainAddress = (facts: Facts, cards: Card[]): string | undefined =>
  normalized(facts.group('default_ipv4')?.text('address')) ?? gatewayCard(cards)?.addresses.find(isV4)

interface Card {
  internal: boolean
  gateway: boolean
  addresses: string[]
  macs: string[]
}

const gatewayCard = (cards: Card[]) => cards.find((card) => card.gateway && card.macs.length)

function cardsOf(facts: Facts): Card[] {
  const interfaces = facts.list('interfaces')
  // Windows has the cards themselves where others have their names.
  if (interfaces.some((each) => typeof each !== 'string'))
    return facts.groups('interfaces').map((card) => cardOf(card.text('connection_name') ?? '', card))
  return facts.texts('interfaces').flatMap((name) => {
    const fact = name.replace(/[^\w]/g, '_')
    return facts.isGroup(fact) ? [cardOf(name, facts.group(fact)!)] : []
  })
}

function cardOf(name: string, card: Facts): Card {
  const addresses = ['ipv4', 'ipv4_secondaries', 'ipv6'].flatMap((family) =>
    card.groups(family).map((each) => normalized(each.text('address'))),
  )
  // All cards of a bond bear the bond's address; this is their own.
  const macs = [card.text('perm_macaddress'), card.text('macaddress')].map(normalizedMac)
  return {
    internal: internalCard.test(name) || card.text('type') === 'loopback',
    gateway: card.text('default_gateway') !== undefined,
    addresses: addresses.filter((address) => address !== undefined),
    macs: macs.filter((mac) => mac !== undefined),
  }
}

/** In one spelling; undefined for what is no address, or leads nowhere outside of the host and its cable. */
function normalized(text: string | undefined): string | undefined {
  const address = text?.split('%')[0]
  if (!address || !(ipaddr.IPv6.isValid(address) || ipaddr.IPv4.isValidFourPartDecimal(address)))
    return undefined
  const parsed = ipaddr.parse(address)
  const aside = ['loopback', 'linkLocal', 'unspecified', 'multicast', 'broadcast']
  return aside.includes(parsed.range()) ? undefined : parsed.toString()
}

function normalizedMac(text: string | undefined): string | undefined {
  const mac = text?.toLowerCase().replaceAll('-', ':')
  return mac && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && !/^(00|ff)(:\1){5}$/.test(mac) ? mac : undefined
}

const isV4 = (address: string) => !address.includes(':')
const isPublic = (address: string) => ipaddr.parse(address).range() === 'unicast'

/** Each once, IPv4 before IPv6, by number: the order of the facts depends on which card came up first. */
const sorted = (addresses: (string | undefined)[]): string[] =>
  [...new Set(addresses.filter((address) => address !== undefined))].sort((a, b) => {
    const [one, other] = [ipaddr.parse(a).toByteArray(), ipaddr.parse(b).toByteArray()]
    return one.length - other.length || Buffer.compare(Buffer.from(one), Buffer.from(other))
  })
