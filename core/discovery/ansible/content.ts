import { UnreadableFile } from '../files/unreadable.ts'
import { Facts, isObject } from './facts.ts'

/** Any host's facts have one of these. */
const telling = [
  'hostname',
  'nodename',
  'fqdn',
  'machine_id',
  'product_uuid',
  'system',
  'distribution',
  'default_ipv4',
]

/**
 * The facts in what `ansible -m setup --tree` writes, in a fact cache (no wrapper) or in a dump of `ansible_facts`
 * (no prefix).
 *
 * @throws UnreadableFile for anything else, such as a host that could not be reached
 */
export function factsIn(text: string): Facts {
  const content = parse(text)
  if (!isObject(content)) throw new UnreadableFile('It is JSON, but not the facts of a host.')
  const said = typeof content.msg === 'string' ? `: ${content.msg.split('\n')[0]!.trim().slice(0, 300)}` : '.'
  if (content.unreachable) throw new UnreadableFile(`Ansible could not reach this host${said}`)
  if (content.failed) throw new UnreadableFile(`Ansible could not gather the facts of this host${said}`)
  const facts = content.ansible_facts ?? content
  if (!isObject(facts)) throw new UnreadableFile('Its "ansible_facts" are not a group of facts.')
  // Without wrapper and prefix, one such name alone could be in any JSON.
  const found = telling.filter((name) => Object.hasOwn(facts, name))
  const prefixed = telling.some((name) => Object.hasOwn(facts, `ansible_${name}`))
  if (!prefixed && found.length < (facts === content ? 3 : 1))
    throw new UnreadableFile('It is JSON, but not the facts of a host.')
  return new Facts(facts)
}

function parse(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '').trim()
  if (!json) throw new UnreadableFile('It is empty. Ansible may have been stopped before it wrote the facts.')
  try {
    return JSON.parse(json) as unknown
  } catch {
    if (json.startsWith('{') && !json.endsWith('}'))
      throw new UnreadableFile(
        'It breaks off in the middle; it may still be being written. Sync again later.',
      )
    throw new UnreadableFile('It is not JSON. Only files that Ansible writes with --tree belong here.')
  }
}

/** What is shown of a file that could not be used; the rest may hold secrets, such as the environment. */
const shown =
  /^(msg|rc|failed|unreachable|(ansible_)?(hostname|nodename|fqdn|domain|machine_id|product_(uuid|name)|system(_vendor)?|distribution(_version)?|kernel|architecture|virtualization_(type|role)|processor_vcpus|memtotal_mb|interfaces|default_ipv4|all_ipv[46]_addresses))$/

export function showable(file: string, text: string): Record<string, unknown> {
  try {
    const content = parse(text)
    if (!isObject(content)) return { file }
    const facts = isObject(content.ansible_facts) ? content.ansible_facts : {}
    const visible = Object.entries({ ...content, ...facts }).filter(([name]) => shown.test(name))
    return { file, ...Object.fromEntries(visible.map(([name, value]) => [name, shortened(value)])) }
  } catch {
    return { file, characters: text.length }
  }
}

const shortened = (value: unknown) =>
  typeof value === 'object' || typeof value === 'string'
    ? (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 500)
    : value
