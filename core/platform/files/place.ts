import { fileURLToPath } from 'node:url'
import { isKey } from './store.ts'

/** Where `FILES_URL` says that files are kept. */
export type FilesPlace = { kind: 'FOLDER'; folder: string } | ({ kind: 'S3' } & Bucket)

export interface Bucket {
  bucket: string
  /** Goes before every key; empty, or words with slashes between and after them. */
  prefix: string
  region: string
  /** Null for Amazon itself. */
  endpoint: string | null
  pathStyle: boolean
}

const example = 's3://bucket/prefix?region=eu-central-1'

/** @throws Error whose message goes on from the name of the setting and says what to write instead */
export function readFilesUrl(text: string): FilesPlace {
  const scheme = /^([a-z][a-z\d+.-]+):/i.exec(text)?.[1]?.toLowerCase()
  if (!scheme) return { kind: 'FOLDER', folder: text }
  if (scheme === 'file') return { kind: 'FOLDER', folder: folderOf(text) }
  if (scheme === 's3') return { kind: 'S3', ...bucketOf(text) }
  throw new Error(`begins with "${scheme}:"; write a folder, file:///folder or ${example}`)
}

function folderOf(text: string): string {
  if (!/^file:\/\/\/./i.test(text) || !URL.canParse(text))
    throw new Error('names no folder; write file:/// and the whole path, or the path alone')
  return fileURLToPath(text)
}

function bucketOf(text: string): Bucket {
  if (!URL.canParse(text)) throw new Error(`is no address; write it like ${example}`)
  const url = new URL(text)
  if (url.username || url.password || url.port)
    throw new Error(
      'must hold nothing but the bucket before the path; keys go into FILES_ACCESS_KEY and FILES_SECRET_KEY',
    )
  if (!/^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/.test(url.hostname))
    throw new Error(`names no bucket, or one that cannot exist; write it like ${example}`)
  const prefix = url.pathname.replace(/^\/|\/$/g, '')
  if (prefix && !isKey(prefix))
    throw new Error('has a prefix with other things than letters, digits, "-", "_" and single slashes')
  const options = optionsOf(url)
  const endpoint = options.endpoint ? endpointOf(options.endpoint) : null
  if (!options.region && !endpoint) throw new Error(`names no region; add ?region=, like ${example}`)
  return {
    bucket: url.hostname,
    prefix: prefix && `${prefix}/`,
    // Stores that are not Amazon's rarely have regions, but the signature needs one.
    region: options.region ?? 'us-east-1',
    endpoint,
    pathStyle: flagOf(options.pathStyle),
  }
}

const known = ['endpoint', 'region', 'pathStyle'] as const

function optionsOf(url: URL): { [Name in (typeof known)[number]]?: string } {
  const stranger = [...url.searchParams.keys()].find((name) => !known.some((one) => one === name))
  if (stranger !== undefined || url.hash)
    throw new Error(`has the option "${stranger ?? url.hash}", which is none of ${known.join(', ')}`)
  return Object.fromEntries([...url.searchParams].filter(([, value]) => value))
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new Error(
      'has an endpoint that is not a plain http or https address, such as https://s3.example.org',
    )
  return url.href
}

function flagOf(text: string | undefined): boolean {
  if (text !== undefined && text !== 'true' && text !== 'false')
    throw new Error('must say pathStyle=true or pathStyle=false')
  return text === 'true'
}
