import { addressesOf, mainCardAddress } from './addresses.ts'
import type { Facts } from './facts.ts'

/** Left in the firmware by board makers and found on thousands of machines. */
const sharedUuids = new Set([
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '01020304-0506-0708-090a-0b0c0d0e0f10',
  '00112233-4455-6677-8899-aabbccddeeff',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '12345678-1234-1234-1234-123456789012',
  '11111111-2222-3333-4444-555555555555',
  '4c4c4544-0000-2010-8020-80c04f202020',
  'fefefefe-fefe-fefe-fefe-fefefefefefe',
])

const containers =
  /^(docker|podman|lxc|lxd|container|containerd|systemd-nspawn|openvz|linux_vserver|jail|zone|crio)$/

export const isContainer = (facts: Facts) =>
  containers.test(facts.text('virtualization_type')?.toLowerCase() ?? '') &&
  facts.text('virtualization_role')?.toLowerCase() !== 'host'

/** What tells a host from all others for as long as it lives; null when the facts do not tell. */
export function identityOf(facts: Facts): string | null {
  const uuid = facts.text('product_uuid')?.toLowerCase()
  // A container shows the one of the machine below it.
  if (uuid && isUnique(uuid) && !isContainer(facts)) return `uuid:${uuid}`
  const card = cardOf(facts)
  const machine = facts.text('machine_id')?.toLowerCase()
  // Machines that were cloned without care share it, so the card is needed as well.
  if (machine && isOwn(machine)) return `machine:${machine}${card ? `/${card}` : ''}`
  return card ? `mac:${card}` : null
}

const isUnique = (uuid: string) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid) &&
  !/^(.)\1*$/.test(uuid.replaceAll('-', '')) &&
  !sharedUuids.has(uuid)

/** Templates are told by the word that systemd writes into them. */
const isOwn = (machine: string) =>
  machine.length >= 16 && machine !== 'uninitialized' && !/^(.)\1*$/.test(machine.replaceAll('-', ''))

function cardOf(facts: Facts): string | undefined {
  const mac = mainCardAddress(facts) ?? addressesOf(facts).macAddresses[0]
  const system = facts.text('nodename') ?? facts.text('hostname')
  return mac && system && isAddressInDisguise(mac, facts) ? `${mac}/${system.toLowerCase()}` : mac
}

/** Docker makes a container's hardware address from its private IP, so containers of many hosts share it. */
function isAddressInDisguise(mac: string, facts: Facts): boolean {
  const bytes = facts.group('default_ipv4')?.text('address')?.split('.').map(Number) ?? []
  const spelled = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
  return mac === `02:42:${spelled}`
}
