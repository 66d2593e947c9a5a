import { constants } from 'node:fs'
import { open, readdir, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import type { Config } from '../../platform/config.ts'
import { Problem } from '../../platform/errors.ts'
import { UnreadableFile } from './unreadable.ts'

/** A folder of facts, which lies inside of what the operator has opened for imports. */
export interface Folder {
  path: string
  /** Real path of the import folder; no link may lead out of it. */
  root: string
}

/** @throws Problem when there is no such folder, or it is none of ours */
export async function openFolder(config: Config, setting: string): Promise<Folder> {
  const base = config.IMPORT_DIR
  if (!base)
    throw new Problem(
      'IMPORT_DIR_UNSET',
      'Folders cannot be read here, because no import folder has been set up.',
      'Upload the files instead, or ask the operator to set IMPORT_DIR.',
    )
  const wanted = resolve(base, setting)
  if (!isInside(resolve(base), wanted)) throw outside(setting)
  const root = await real(base, 'The import folder of this installation')
  const path = await real(wanted, `The folder "${setting}"`)
  if (!isInside(root, path)) throw outside(setting)
  return { path, root }
}

/** Names of the files in it, sorted; folders and hidden files are left out. */
export async function namesIn({ path }: Folder, setting: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    return entries
      .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort()
  } catch (error) {
    throw unreadable(`The folder "${setting}"`, error)
  }
}

/** @throws UnreadableFile when a link leads out, or it is no file after all */
export async function openFile({ path, root }: Folder, name: string): Promise<Readable> {
  const target = await realpath(join(path, name))
  if (!isInside(root, target)) throw new UnreadableFile('It is a link that leads out of the import folder.')
  // A pipe must not keep the crawl waiting for somebody to write.
  const file = await open(target, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  if ((await file.stat()).isFile()) return file.createReadStream()
  await file.close()
  throw new UnreadableFile('It is not a file.')
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

async function real(path: string, name: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    throw unreadable(name, error)
  }
}

const outside = (setting: string) =>
  new Problem(
    'FOLDER_OUTSIDE',
    `The folder "${setting}" is outside of the import folder, so it was not read.`,
    'Name a folder inside of it, relative to it.',
  )

function unreadable(name: string, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const reasons: Record<string, string> = {
    ENOENT: 'does not exist',
    ENOTDIR: 'is not a folder',
    EACCES: 'may not be read by Maestro',
    ELOOP: 'is a link that leads in circles',
  }
  return new Problem(
    'FOLDER_UNREADABLE',
    `${name} ${reasons[code] ?? `cannot be read (${code || (error as Error).message})`}. Nothing was changed.`,
    'Check its name and its permissions, and that it is mounted.',
    { cause: error },
  )
}
