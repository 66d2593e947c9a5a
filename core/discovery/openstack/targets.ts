import type { ObservedRelation } from '../crawler.ts'
import type { Port } from './ports.ts'
import type { Member } from './routing.ts'

/**
 * The servers behind a load balancer. Members have addresses, which different networks may use at the same time: a member's
 * subnet decides, and without a port there, only an address that one server alone has.
 */
export function targetsOf(members: Member[], ports: Port[]): ObservedRelation[] {
  const byServer = new Map<string, Member[]>()
  for (const member of members) {
    const server = serverOf(member, ports)
    if (server) byServer.set(server, [...(byServer.get(server) ?? []), member])
  }
  return [...byServer]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([externalId, all]) => ({
      kind: 'TARGETS',
      to: { resource: 'servers', externalId },
      properties: propertiesOf(all),
    }))
}

function serverOf(member: Member, ports: Port[]): string | undefined {
  const there = ports.flatMap(({ deviceId, addresses }) =>
    addresses.filter(({ ip }) => ip === member.address).map(({ subnetId }) => ({ deviceId, subnetId })),
  )
  const inSubnet = there.filter(({ subnetId }) => subnetId && subnetId === member.subnetId)
  const [only, ...others] = inSubnet.length ? inSubnet : there
  return others.length ? undefined : only?.deviceId
}

/** A server that answers on several ports is one target; its notes name the others. */
function propertiesOf(members: Member[]) {
  const [first, ...others] = members.toSorted((a, b) => (a.port ?? 0) - (b.port ?? 0))
  const further = [...new Set(others.map(({ port }) => port))].filter((port) => port !== first!.port)
  return {
    endpoint: first!.address,
    ...(first!.port !== undefined && { port: first!.port }),
    ...(first!.protocol && { protocol: first!.protocol.toLowerCase() }),
    ...(further.length && { notes: `Also on port ${further.join(', ')}.` }),
  }
}
