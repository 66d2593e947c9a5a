import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config.ts'
import { readFilesUrl } from './place.ts'

const configWith = (settings: Record<string, string>) =>
  parseConfig({
    MONGODB_URI: 'mongodb://localhost',
    REDIS_URL: 'redis://localhost',
    SESSION_SECRET: 'x'.repeat(32),
    SECRETS_KEY: Buffer.alloc(32).toString('base64'),
    ...settings,
  })

describe('FILES_URL', () => {
  it.each([
    ['.data/files', '.data/files'],
    ['/data/files', '/data/files'],
    ['file:///data/my%20files', '/data/my files'],
    ['C:\\data', 'C:\\data'],
  ])('%s is a folder', (text, folder) => {
    expect(readFilesUrl(text)).toEqual({ kind: 'FOLDER', folder })
  })

  it.each([
    [
      's3://maestro?region=eu-central-1',
      { prefix: '', region: 'eu-central-1', endpoint: null, pathStyle: false },
    ],
    ['s3://maestro/?region=eu-central-1', { prefix: '' }],
    ['s3://maestro/some/where/?region=eu-central-1', { prefix: 'some/where/' }],
    [
      's3://maestro/x?endpoint=https://s3.example.org:9000&pathStyle=true',
      { prefix: 'x/', region: 'us-east-1', endpoint: 'https://s3.example.org:9000/', pathStyle: true },
    ],
  ])('%s is a bucket', (text, bucket) => {
    expect(readFilesUrl(text)).toMatchObject({ kind: 'S3', bucket: 'maestro', ...bucket })
  })

  it.each([
    ['https://bucket.s3.amazonaws.com', 'write a folder'],
    ['gs://maestro', 'write a folder'],
    ['file://data/files', 'file:///'],
    ['file:data', 'file:///'],
    ['s3:maestro', 'names no bucket'],
    ['s3:///prefix?region=x', 'names no bucket'],
    ['s3://My_Bucket?region=x', 'names no bucket'],
    ['s3://key:secret@maestro?region=x', 'FILES_ACCESS_KEY'],
    ['s3://maestro', 'add ?region='],
    ['s3://maestro/a..b?region=x', 'prefix'],
    ['s3://maestro?regoin=x', '"regoin"'],
    ['s3://maestro?endpoint=minio:9000', 'endpoint'],
    ['s3://maestro?endpoint=https://key:secret@minio', 'endpoint'],
    ['s3://maestro?region=x&pathStyle=yes', 'pathStyle=true'],
  ])('%s is refused with the remedy', (text, remedy) => {
    expect(() => configWith({ FILES_URL: text })).toThrow(/^The configuration cannot be used:\n- FILES_URL /)
    expect(() => configWith({ FILES_URL: text })).toThrow(remedy)
  })

  it('never repeats what may be a secret', () => {
    expect(() => readFilesUrl('s3://key:hunter2@maestro?region=x')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    )
  })

  it('needs both keys or none, reported with every other fault', () => {
    expect(() => configWith({ FILES_ACCESS_KEY: 'A' })).toThrow('belong together')
    expect(() => configWith({ FILES_SECRET_KEY: 'B', FILES_URL: 'gs://x' })).toThrow(
      /FILES_URL[^]*belong together/,
    )
    expect(configWith({ FILES_ACCESS_KEY: 'A', FILES_SECRET_KEY: 'B' })).toMatchObject({
      FILES_ACCESS_KEY: 'A',
    })
  })
})
