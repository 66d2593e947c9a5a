import { AssetStatus } from '../../inventory/asset.ts'
import type { AppFamily } from '../../inventory/families.ts'
import { type AwsTag, tagged, tagsOf } from './tags.ts'

const { ACTIVE, STOPPED, DEGRADED, UNKNOWN } = AssetStatus

interface Known {
  /** Name by which people know it, unless a tag says another. */
  name: string
  region: string | undefined
  /** Id or ARN. */
  providerId: string | undefined
  family: AppFamily
  /** As the catalogue calls it. */
  product: string
  tags?: readonly AwsTag[] | undefined
}

/** Facts that all apps of AWS have. */
export function appOf({ name, region, providerId, family, product, tags: tagList }: Known) {
  const tags = tagsOf(tagList)
  return {
    name,
    status: ACTIVE,
    environment: tagged(tags, 'environment')?.toLowerCase(),
    tags,
    region,
    providerId,
    family,
    product,
    managed: true,
  }
}

/** Tags in services that give them as one object. */
export const tagList = (tags: Record<string, string> | undefined): AwsTag[] =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }))

/** What the words of services mean, the first match first; a word that nobody knows yet means UNKNOWN. */
const words: [RegExp, AssetStatus | 'ENDED'][] = [
  [/^(deleting|deleted|delete in progress)$/, 'ENDED'],
  [/^(stopp|archiv|inactive$)/, STOPPED],
  [
    /^(fail|incompatible|inaccessible|insufficient|restore-error|restore-failed|storage-full|create-failed|isolated)/,
    DEGRADED,
  ],
  [/_impaired$/, DEGRADED],
  [/^(active|available|running|pending|provisioning|creating|create|created|starting)$/, ACTIVE],
  [/^(updating|modifying|rebooting|renaming|upgrading|maintenance|snapshotting|processing)/, ACTIVE],
  [/^(backing-up|configuring-|resetting-|storage-|converting-|moving-|rebalancing)/, ACTIVE],
]

export function appStanding(word: string | undefined) {
  const lower = word?.toLowerCase() ?? ''
  const meaning = words.find(([pattern]) => pattern.test(lower))?.[1] ?? UNKNOWN
  return meaning === 'ENDED' ? { status: UNKNOWN, ended: true } : { status: meaning, ended: false }
}
