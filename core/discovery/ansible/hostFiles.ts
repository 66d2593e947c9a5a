import type { Readable } from 'node:stream'
import { NotFound, Problem, Unavailable } from '../../platform/errors.ts'
import type { CrawlContext } from '../crawler.ts'
import { UnreadableFacts } from './facts.ts'
import { namesIn, openFile, openFolder } from './folder.ts'

/** Largest file that is read; the facts of a host with hundreds of disks have about 1 MiB. */
const maxMiB = 5

/** A file that is about one host. */
export interface HostFile {
  name: string
  /**
   * @throws UnreadableFacts when this file cannot be read
   * @throws Problem when the rest cannot be read either
   */
  read(): Promise<string>
}

/** The files of the folder and the uploaded ones, each sorted by name. None is opened yet. */
export async function hostFiles(context: CrawlContext): Promise<HostFile[]> {
  const { settings, uploads } = context
  const setting = settings.folder?.trim()
  if (!setting && !uploads.length)
    throw new Problem(
      'NOTHING_TO_READ',
      'This connection has neither a folder nor uploaded files.',
      'Name a folder, or upload the files that Ansible has written.',
    )
  const found = [...(setting ? await folderFiles(context, setting) : []), ...uploadedFiles(context)]
  // An empty folder is rather one that is not mounted than an estate that is gone.
  if (!found.length)
    throw new Problem(
      'NO_FACTS',
      `There are no files in the folder "${setting}", so nothing was marked missing.`,
      'Check that it is mounted, and that Ansible writes its facts there: ansible all -m setup --tree FOLDER.',
    )
  return found
}

async function folderFiles({ config }: CrawlContext, setting: string): Promise<HostFile[]> {
  const folder = await openFolder(config, setting)
  const names = await namesIn(folder, setting)
  return names.map((name) => ({
    name,
    async read() {
      try {
        return await textOf(await openFile(folder, name))
      } catch (error) {
        if (error instanceof UnreadableFacts) throw error
        // Tells one bad file from a folder that has gone.
        await namesIn(folder, setting)
        throw new UnreadableFacts(reasonOf(error))
      }
    },
  }))
}

function uploadedFiles({ files, uploads }: CrawlContext): HostFile[] {
  return uploads
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, path }) => ({
      name,
      async read() {
        try {
          return await textOf(await files.read(path))
        } catch (error) {
          if (error instanceof UnreadableFacts) throw error
          if (error instanceof Unavailable)
            throw new Problem(
              'FILES_AWAY',
              `${error.message} What was read until then is saved; nothing was marked missing.`,
              'Sync again when the file store is back.',
              { cause: error },
            )
          throw new UnreadableFacts(reasonOf(error))
        }
      },
    }))
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length
    if (bytes > maxMiB * 1024 ** 2)
      throw new UnreadableFacts(`It is larger than ${maxMiB} MiB, which the facts of one host never are.`)
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
