import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PrivateApt, systemSources } from './apt.ts'
import { run } from './command.ts'
import { waitForLock } from './lock.ts'
import { Problem } from './problem.ts'
import { projectRoot } from './projectRoot.ts'

export interface UnpackOptions {
  /** A release of the distribution other than the system's. */
  suite?: string
  /** Lines of a sources.list to use instead of the system's. */
  sources?: string[]
  /** Dependencies that the system has in any case, or that only installation scripts need. */
  leaveOut?: RegExp
  /** What to do instead, in words, where the packages cannot be had. */
  otherwise: string
  say?: (line: string) => void
}

export function toolsFolder(): string {
  return process.env.TOOLS_DIR ?? join(projectRoot, '.tools')
}

/**
 * Lays the distribution's own packages, with their dependencies, into a private folder and returns its root.
 * Needs no root and changes nothing on the system; once there, they are used without asking apt again.
 */
export async function unpack(name: string, packages: string[], options: UnpackOptions): Promise<string> {
  const home = join(toolsFolder(), name)
  const root = join(home, 'root')
  if (existsSync(root)) return root
  try {
    mkdirSync(toolsFolder(), { recursive: true })
    const lock = await waitForLock(join(toolsFolder(), `${name}.lock`), 600_000)
    try {
      if (!existsSync(root)) await fetchInto(home, packages, options)
    } finally {
      lock.release()
    }
  } catch (error) {
    throw new Problem(
      `${packages[0]} is not on this machine, and it could not be fetched from the distribution (${reason(error)}). ` +
        `Nothing on the system was changed. ${options.otherwise}`,
      { cause: error },
    )
  }
  return root
}

async function fetchInto(home: string, packages: string[], { suite, sources, leaveOut, say }: UnpackOptions) {
  say?.(`Fetching ${packages.join(', ')} from the distribution into .tools (once)`)
  const draft = mkdtempSync(`${home}.`)
  try {
    const apt = await PrivateApt.open(join(draft, 'apt'), sources ?? (await systemSources(suite)))
    const wanted = (await apt.closure(packages)).filter(
      (each) => packages.includes(each) || !leaveOut?.test(each),
    )
    const debs = join(draft, 'debs')
    await apt.download(wanted, debs)
    await extract(debs, wanted, join(draft, 'root'))
    for (const leftover of [apt.folder, debs]) rmSync(leftover, { recursive: true, force: true })
    rmSync(home, { recursive: true, force: true })
    renameSync(draft, home)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** apt may report success although a file is missing, so each package is looked for. */
async function extract(debs: string, wanted: string[], root: string) {
  const files = readdirSync(debs).filter((file) => file.endsWith('.deb'))
  const missing = wanted.filter((name) => !files.some((file) => file.startsWith(`${name}_`)))
  if (missing.length) throw new Error(`apt did not deliver ${missing.join(', ')}`)
  mkdirSync(root, { recursive: true })
  for (const file of files) await run('dpkg', ['--extract', join(debs, file), root])
}

function reason(error: unknown): string {
  const said = (error as { stderr?: string }).stderr || (error as Error).message
  const lines = said.split('\n').filter((line) => line.trim())
  return (lines.find((line) => /^E: /.test(line)) ?? lines[0] ?? 'unknown reason')
    .replace(/^[EW]: /, '')
    .slice(0, 300)
}

/** For processes run from an unpacked root: its libraries before the system's. Never export this further. */
export function libraryPath(root: string): string {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  return [`${root}/usr/lib/${triplet}`, `${root}/lib/${triplet}`].join(':')
}
