import { UnreadableFile } from '../files/unreadable.ts'
import { Attributes, isObject } from './attributes.ts'

/** One thing that Terraform looks after. */
export interface Managed {
  /** Such as aws_instance. */
  type: string
  /** Where it stands in the configuration, such as module.web.aws_instance.front[0]. */
  address: string
  attributes: Attributes
}

/**
 * What a state says that Terraform looks after. Data sources are left out: somebody else looks after those.
 *
 * Format: version 4 of the state, written by Terraform 0.12 and later and by OpenTofu.
 *
 * @throws UnreadableFile for anything else
 */
export function managedIn(text: string): Managed[] {
  const state = parse(text)
  if (!isObject(state) || !('version' in state) || !('serial' in state || 'terraform_version' in state))
    throw new UnreadableFile('It is JSON, but not a state of Terraform.')
  if (state.version !== 4)
    throw new UnreadableFile(
      `It has version ${String(state.version).slice(0, 20)} of the format; only version 4 can be read. Run "terraform apply" with Terraform 0.12 or later, which rewrites it.`,
    )
  if (state.resources !== undefined && state.resources !== null && !Array.isArray(state.resources))
    throw new UnreadableFile('Its resources are not a list.')
  const resources = (state.resources as unknown[] | null | undefined) ?? []
  return resources.filter(isObject).flatMap((resource) => {
    const { mode, type, name, instances } = resource
    if (mode !== 'managed' || typeof type !== 'string' || !Array.isArray(instances)) return []
    return instances.filter(isObject).map((instance) => {
      const module = typeof resource.module === 'string' ? `${resource.module}.` : ''
      const index = 'index_key' in instance ? `[${JSON.stringify(instance.index_key)}]` : ''
      return {
        type,
        address: `${module}${type}.${String(name)}${index}`,
        attributes: new Attributes(isObject(instance.attributes) ? instance.attributes : {}),
      }
    })
  })
}

function parse(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '').trim()
  if (!json) throw new UnreadableFile('It is empty. Terraform may have been stopped before it wrote it.')
  try {
    return JSON.parse(json) as unknown
  } catch {
    if (json.startsWith('{') && !json.endsWith('}'))
      throw new UnreadableFile(
        'It breaks off in the middle; it may still be being written. Sync again later.',
      )
    throw new UnreadableFile('It is not JSON. Only states of Terraform belong here.')
  }
}
