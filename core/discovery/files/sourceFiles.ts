import type { Readable } from 'node:stream'
import { NotFound, Problem, Unavailable } from '../../platform/errors.ts'
import type { CrawlContext, CrawlerField } from '../crawler.ts'
import { bucketFields, bucketFiles } from './bucket.ts'
import { namesIn, openFile, openFolder } from './folder.ts'
import { UnreadableFile } from './unreadable.ts'

/** A file that a crawler reads. */
export interface SourceFile {
  name: string
  /**
   * @throws UnreadableFile when this file cannot be read
   * @throws Problem when the rest cannot be read either
   */
  read(): Promise<string>
}

/** How a crawler of files speaks of them. */
export interface FileWords {
  /** What belongs into the folder, and what is uploaded. */
  folder: string
  files: string
  /** What one file holds, such as "the facts of one host". */
  one: string
  /** Largest file that is read. */
  maxMiB: number
  /** What to do when there are none. */
  remedy: string
}

/** What a connection that reads files asks for: a folder, uploads, a bucket, or several of them. */
export const fileFields = (words: FileWords): CrawlerField[] => [
  {
    name: 'folder',
    label: 'Folder',
    description: words.folder,
    type: 'FOLDER',
    required: false,
    placeholder: 'lab/files',
  },
  { name: 'files', label: 'Files', description: words.files, type: 'FILES', required: false },
  ...bucketFields,
]

/** Where the files come from, for people. */
export function placesOf({ settings, uploads }: CrawlContext): string {
  const uploaded = uploads.length && `${uploads.length} uploaded file${uploads.length > 1 ? 's' : ''}`
  const bucket = settings.bucket?.trim() && `s3://${settings.bucket.trim()}/${settings.prefix?.trim() ?? ''}`
  return [settings.folder?.trim(), uploaded, bucket].filter(Boolean).join(' and ')
}

/** The files of the folder, of the uploads and of the bucket, each sorted by name. None is opened yet. */
export async function sourceFiles(context: CrawlContext, words: FileWords): Promise<SourceFile[]> {
  const { settings, uploads } = context
  const folder = settings.folder?.trim()
  const bucket = settings.bucket?.trim()
  if (!folder && !uploads.length && !bucket)
    throw new Problem(
      'NOTHING_TO_READ',
      'This connection has neither a folder nor uploaded files nor a bucket.',
      `Name a folder or a bucket, or upload files, each with ${words.one}.`,
    )
  const found = [
    ...(folder ? await folderFiles(context, folder, words) : []),
    ...uploadedFiles(context, words),
    ...(bucket ? await bucketFiles(context, bucket, (stream) => textOf(stream, words)) : []),
  ]
  // An empty folder is rather one that is not mounted than an estate that is gone.
  if (!found.length)
    throw new Problem(
      'NO_FILES',
      `There are no files in ${folder ? `the folder "${folder}"` : `the bucket "${bucket}"`}, so nothing was marked missing.`,
      words.remedy,
    )
  return found
}

async function folderFiles(
  { config }: CrawlContext,
  setting: string,
  words: FileWords,
): Promise<SourceFile[]> {
  const folder = await openFolder(config, setting)
  const names = await namesIn(folder, setting)
  return names.map((name) => ({
    name,
    async read() {
      try {
        return await textOf(await openFile(folder, name), words)
      } catch (error) {
        if (error instanceof UnreadableFile) throw error
        // Tells one bad file from a folder that has gone.
        await namesIn(folder, setting)
        throw new UnreadableFile(reasonOf(error))
      }
    },
  }))
}

function uploadedFiles({ files, uploads }: CrawlContext, words: FileWords): SourceFile[] {
  return uploads
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, path }) => ({
      name,
      async read() {
        try {
          return await textOf(await files.read(path), words)
        } catch (error) {
          if (error instanceof UnreadableFile) throw error
          if (error instanceof Unavailable)
            throw new Problem(
              'FILES_AWAY',
              `${error.message} What was read until then is saved; nothing was marked missing.`,
              'Sync again when the file store is back.',
              { cause: error },
            )
          throw new UnreadableFile(reasonOf(error))
        }
      },
    }))
}

async function textOf(stream: Readable, { maxMiB, one }: FileWords): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length
    if (bytes > maxMiB * 1024 ** 2)
      throw new UnreadableFile(`It is larger than ${maxMiB} MiB, which ${one} should never be.`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || error instanceof NotFound) return 'It disappeared before it could be read.'
  if (code === 'EACCES' || code === 'EPERM') return 'Maestro may not read it. Check its permissions.'
  return `It cannot be read (${code ?? (error as Error).message}).`
}
