import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { demoAccount } from '../../emulators/aws/accounts.ts'
import { startAwsEmulator } from '../../emulators/aws/emulator.ts'

type Facts = Record<string, unknown>

function read(folder: string, name: string): string {
  return readFileSync(new URL(`${folder}/${name}`, import.meta.url), 'utf8')
}

function factsOf(folder: string, name: string): Facts {
  return (JSON.parse(read(folder, name)) as { ansible_facts: Facts }).ansible_facts
}

const names = (folder: string) => readdirSync(new URL(folder, import.meta.url))

it('has facts of each kind of system, each named, each small', () => {
  const hosts = names('hosts')
  const facts = hosts.map((host) => factsOf('hosts', host))
  expect(new Set(facts.map((fact) => fact.ansible_os_family))).toEqual(
    new Set(['Debian', 'RedHat', 'Suse', 'Alpine', 'Darwin', 'FreeBSD', 'Windows']),
  )
  expect(facts.every((fact) => fact.ansible_hostname && fact.ansible_nodename)).toBe(true)
  expect(hosts.every((host) => Buffer.byteLength(read('hosts', host)) < 60_000)).toBe(true)
})

it('has clones that share a machine id and nothing else', () => {
  const [one, other] = names('clones').map((host) => factsOf('clones', host))
  expect(one!.ansible_machine_id).toBe(other!.ansible_machine_id)
  expect(one!.ansible_hostname).not.toBe(other!.ansible_hostname)
  expect(one!.ansible_product_uuid).not.toBe(other!.ansible_product_uuid)
})

it('has bad files that bear no usable facts', () => {
  for (const name of names('bad')) {
    let content: unknown
    try {
      content = JSON.parse(read('bad', name))
    } catch {
      continue
    }
    const facts = (content as { ansible_facts?: Facts }).ansible_facts
    expect(facts?.ansible_hostname, name).toBeUndefined()
  }
})

it('describes an instance that the emulator lists as well', async () => {
  const emulator = await startAwsEmulator({ accounts: [demoAccount], regions: { 'eu-west-1': 200 } })
  const facts = factsOf('hosts', 'catalog-db-stag-00178')
  const instances = emulator.control.instances('eu-west-1')
  await emulator.close()
  const instance = instances.find((it) => it.instanceId === facts.ansible_board_asset_tag)!
  expect(instance.tags).toContainEqual(['Name', 'catalog-db-stag-00178'])
  expect(facts.ansible_product_name).toBe(instance.type)
  expect(facts.ansible_all_ipv4_addresses).toEqual([instance.privateIp])
  expect(facts.ansible_default_ipv4).toMatchObject({ macaddress: instance.interfaces[0]!.mac })
  const disks = Object.values(facts.ansible_devices as Record<string, { serial?: string }>)
  expect(disks.flatMap((disk) => disk.serial?.replace('vol', 'vol-') ?? [])).toEqual(
    instance.volumes.map((volume) => volume.id),
  )
})
