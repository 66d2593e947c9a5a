import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Version of this Maestro, as package.json has it; the compiled code lies one folder deeper than the sources. */
export const version: string = readVersion(import.meta.dirname)

function readVersion(folder: string): string {
  const file = join(folder, 'package.json')
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  const parent = dirname(folder)
  if (parent === folder) throw new Error('package.json was not found above the code.')
  return readVersion(parent)
}
