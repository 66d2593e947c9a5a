import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Readable } from 'node:stream'
import { assertAimable, guardedAgents } from '../../platform/outbound.ts'
import { problemOf } from '../aws/problems.ts'
import type { CrawlContext, CrawlerField } from '../crawler.ts'
import type { SourceFile } from './sourceFiles.ts'
import { UnreadableFile } from './unreadable.ts'

export const bucketFields: CrawlerField[] = [
  {
    name: 'bucket',
    label: 'Bucket',
    description: 'Bucket of Amazon S3, or of a store that speaks as it does.',
    type: 'TEXT',
    required: false,
    placeholder: 'my-states',
  },
  {
    name: 'prefix',
    label: 'Prefix',
    description: 'Only what lies below it.',
    type: 'TEXT',
    required: false,
    placeholder: 'production/',
  },
  {
    name: 'bucketRegion',
    label: 'Region of the bucket',
    description: 'us-east-1 where you name none.',
    type: 'TEXT',
    required: false,
    placeholder: 'eu-central-1',
  },
  {
    name: 'accessKeyId',
    label: 'Access key',
    description: 'Id of a key that may list and read the bucket.',
    type: 'TEXT',
    required: false,
    placeholder: 'AKIA…',
  },
  {
    name: 'secretAccessKey',
    label: 'Secret key',
    description: 'Stored encrypted; it never leaves the server again.',
    type: 'SECRET',
    required: false,
  },
  {
    name: 'endpoint',
    label: 'Endpoint',
    description: 'Only for stores that are compatible with S3.',
    type: 'URL',
    required: false,
    placeholder: 'https://s3.example.com',
  },
]

/** The objects of a bucket below the prefix, sorted by name; what only stands for a folder is left out. */
export async function bucketFiles(
  context: CrawlContext,
  bucket: string,
  textOf: (stream: Readable) => Promise<string>,
): Promise<SourceFile[]> {
  const client = clientOf(context)
  const { signal, settings } = context
  const found: SourceFile[] = []
  try {
    const pages = paginateListObjectsV2(
      { client },
      { Bucket: bucket, Prefix: settings.prefix?.trim() || undefined },
      { abortSignal: signal },
    )
    for await (const { Contents } of pages) {
      await context.turn()
      for (const { Key } of Contents ?? [])
        if (Key && !Key.endsWith('/')) found.push({ name: Key, read: () => read(Key) })
    }
  } catch (error) {
    throw problemOf(error, null)
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))

  async function read(key: string): Promise<string> {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
        abortSignal: signal,
      })
      return await textOf(Body as Readable)
    } catch (error) {
      if (error instanceof UnreadableFile) throw error
      if ((error as Error).name === 'NoSuchKey')
        throw new UnreadableFile('It disappeared before it could be read.')
      throw problemOf(error, null)
    }
  }
}

function clientOf({ config, settings }: CrawlContext): S3Client {
  if (settings.endpoint) assertAimable(config, settings.endpoint)
  return new S3Client({
    region: settings.bucketRegion?.trim() || 'us-east-1',
    ...(settings.endpoint && { endpoint: settings.endpoint, forcePathStyle: true }),
    // Without a key of the connection there is none: the one of this machine is not for its users.
    credentials: { accessKeyId: settings.accessKeyId ?? '', secretAccessKey: settings.secretAccessKey ?? '' },
    // Other stores do not know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: new NodeHttpHandler({
      ...guardedAgents(config),
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
    }),
  })
}
