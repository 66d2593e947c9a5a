import { join } from 'node:path'
import { distribution } from './distribution.ts'
import { libraryPath, unpack } from './packages.ts'

/** What the embedded engine's binary was linked against. */
const needed = '2.38'

/** The oldest release of each distribution that has it. */
const suites: Record<string, string> = { debian: 'trixie', ubuntu: 'noble' }

/** How to run Node so that the engine's binary loads: as it is, or through a newer private C library. */
export async function engineNode(say?: (line: string) => void): Promise<{ command: string; args: string[] }> {
  const installed = glibcVersion()
  if (!installed || atLeast(installed, needed)) return { command: process.execPath, args: [] }
  const root = await unpack('glibc', ['libc6', 'libstdc++6', 'libgcc-s1'], {
    suite: suites[distribution().id],
    otherwise: 'Point MONGODB_URI at a MongoDB server, or run everything in containers: docker compose up',
    say,
  })
  const folder = libraryPath(root).split(':')[0]!
  const loader = process.arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2'
  return {
    command: join(folder, loader),
    args: ['--argv0', 'maestro-engine', '--library-path', `${folder}:${libraryPath('')}`, process.execPath],
  }
}

function glibcVersion(): string | undefined {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime
}

function atLeast(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, 'en', { numeric: true }) >= 0
}
