import type { CrawlContext } from '../crawler.ts'
import { askOpenly, type Cloud } from './cloud.ts'

/** The newest version whose answers are understood: 2.47 brings sizes, 2.69 names what is out of reach, 2.90 hostnames. */
const newest = [2, 90] as const

/** Headers that ask for the best version that both sides know; none where Nova has no such versions. */
export async function novaHeaders(
  cloud: Cloud,
  context: CrawlContext,
  region: string,
): Promise<Record<string, string>> {
  const version = await cloud.version(region, () => findVersion(cloud, context, region))
  return version
    ? { 'openstack-api-version': `compute ${version}`, 'x-openstack-nova-api-version': version }
    : {}
}

async function findVersion(cloud: Cloud, context: CrawlContext, region: string): Promise<string | null> {
  const base = await cloud.base(context, region, 'compute')
  // Older catalogues have the project behind the version.
  const root = base.replace(/(\/v\d+(\.\d+)?)(\/.*)?$/, '$1/')
  const { status, text } = await askOpenly(context, root)
  return status === 200 ? best(text) : null
}

function best(text: string): string | null {
  const [major, minor] = maxIn(text)?.split('.').map(Number) ?? []
  if (major !== newest[0] || minor === undefined || Number.isNaN(minor)) return null
  return `${major}.${Math.min(minor, newest[1])}`
}

function maxIn(text: string): string | null {
  try {
    const { version } = JSON.parse(text) as { version?: { version?: unknown } | null }
    return typeof version?.version === 'string' ? version.version : null
  } catch {
    return null
  }
}
