import { isIP } from 'node:net'
import { AssetStatus } from '../../inventory/asset.ts'
import type { Observation } from '../crawler.ts'
import { addressesOf } from './addresses.ts'
import { UnreadableFile } from '../files/unreadable.ts'
import type { Facts } from './facts.ts'
import { identityOf, isContainer } from './identity.ts'
import { storageOf } from './storage.ts'

/**
 * A host's facts in Maestro's words. What changes without the host changing (uptime, load, free space) is left out, so
 * a second gathering gives the same values.
 *
 * @throws UnreadableFile
 */
export function translate(file: string, facts: Facts): Observation {
  const externalId = identityOf(facts)
  if (!externalId)
    throw new UnreadableFile(
      'These facts have neither a product UUID, nor a machine id, nor a hardware address, so the host cannot be told from others. Gather all facts, as root if possible.',
    )
  try {
    return { externalId, values: withoutGaps(valuesOf(file, facts)) }
  } catch (error) {
    if (error instanceof UnreadableFile) error.externalId = externalId
    throw error
  }
}

function valuesOf(file: string, facts: Facts) {
  const hostname = facts.text('nodename') ?? facts.text('hostname')
  const fqdn = facts.text('fqdn')
  const memory = facts.number('memtotal_mb')
  const guest = facts.text('virtualization_role')?.toLowerCase() === 'guest'
  const virtualization = guest ? facts.text('virtualization_type') : undefined
  return {
    name: nameOf(file, hostname),
    hostname,
    dnsPrivate: fqdn?.includes('.') && !fqdn.startsWith('localhost') ? fqdn : undefined,
    ...addressesOf(facts),
    osBase: systemOf(facts),
    osDistribution: distributionOf(facts),
    osVersion: facts.text('distribution_version'),
    osKernel: facts.text('kernel'),
    architecture: architectureOf(facts),
    // FreeBSD has no virtual processors; it counts them as processors.
    cpu: facts.number('processor_vcpus') || facts.number('processor_count') || undefined,
    memoryGiB: memory ? Math.round((memory / 1024) * 100) / 100 : undefined,
    vendor: facts.text('system_vendor'),
    instanceType: facts.text('product_name'),
    instanceId: instanceOf(facts),
    virtualization,
    hypervisor: isContainer(facts) ? undefined : virtualization,
    storage: storageOf(facts),
    tags: [],
    status: AssetStatus.ACTIVE,
  }
}

/** Ansible names the file as its inventory names the host, unless that says nothing. */
function nameOf(file: string, hostname: string | undefined): string {
  const name = file.replace(/\.json$/i, '')
  const saysNothing = /^(|localhost|facts|ansible_facts|setup)$/i.test(name) || isIP(name) !== 0
  return saysNothing ? (hostname ?? file) : name
}

function systemOf(facts: Facts): string | undefined {
  const system = facts.text('system')
  if (system === 'Darwin') return 'macOS'
  return system === 'Win32NT' ? 'Windows' : system
}

function distributionOf(facts: Facts): string | undefined {
  const distribution = facts.text('distribution')
  return distribution === 'MacOSX' ? 'macOS' : distribution
}

/** One word for each, whatever the system calls it. */
const architectures: [RegExp, string][] = [
  [/^(x86_64|amd64|x64|64-bit)$/i, 'x86_64'],
  [/^(aarch64|arm64|arm 64-bit.*)$/i, 'arm64'],
  [/^(i[3-6]86|x86|32-bit)$/i, 'x86'],
]

function architectureOf(facts: Facts): string | undefined {
  // Windows says only how many bits; the processor is in the second.
  const told = facts.text('architecture2') ?? facts.text('architecture')
  return told && (architectures.find(([pattern]) => pattern.test(told))?.[1] ?? told)
}

/** EC2 gives its machines their instance id as an asset tag. */
function instanceOf(facts: Facts): string | undefined {
  const tag = facts.text('board_asset_tag')
  return tag && /^i-[0-9a-f]{8,17}$/.test(tag) ? tag : undefined
}

const withoutGaps = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
