/**
 * Builds the server and the web app, each only when its sources differ from those of its last build.
 * Needs nothing but Node, so that `npm start` can use it.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @typedef {{ name: string, sources: string[], result: string, script: string }} Part */

/** @type {Record<'server' | 'web', Part>} */
export const parts = {
  server: {
    name: 'server',
    sources: ['core', 'api', 'workers', 'dev', 'tests', 'tsconfig.json', 'package-lock.json'],
    result: 'dist/dev/start.js',
    script: 'build:server',
  },
  web: {
    name: 'web app',
    sources: ['web', 'schema.graphql', 'codegen.yml', 'package-lock.json'],
    result: 'web/build/index.html',
    script: 'build:web',
  },
}

const notSources = new Set(['node_modules', '.svelte-kit', 'build', 'samples'])

/** The sources' content, so that neither a checkout nor a copy makes a build stale. @param {Part} part */
function fingerprint(part) {
  const hash = createHash('sha256')
  for (const path of part.sources.flatMap((source) => files(join(root, source))).sort())
    hash.update(path).update(readFileSync(path))
  return hash.digest('hex')
}

/** @param {string} path @returns {string[]} */
function files(path) {
  if (!existsSync(path)) return []
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !notSources.has(entry.name) && !/generated\.ts$|\.timestamp-/.test(entry.name))
      .flatMap((entry) => (entry.isDirectory() ? files(join(path, entry.name)) : [join(path, entry.name)]))
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    throw error
  }
}

/** @param {Part} part */
const stampOf = (part) => join(root, 'dist', `.built-${part.script.split(':')[1]}`)

/** @param {Part} part */
export function isFresh(part) {
  const stamp = stampOf(part)
  return (
    existsSync(join(root, part.result)) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === fingerprint(part)
  )
}

/**
 * Resolves to undefined, or to what the build said when it failed.
 * @param {Part} part
 */
export async function build(part) {
  const before = fingerprint(part)
  rmSync(stampOf(part), { force: true })
  const said = await runScript(part.script)
  if (said !== undefined) return said
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stampOf(part), before)
  return undefined
}

/** @param {string} script @returns {Promise<string | undefined>} */
function runScript(script) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
    child.on('error', (error) => resolve(`npm could not be run: ${error.message}`))
    child.on('close', (code) =>
      resolve(code === 0 ? undefined : ending(said) || `npm run ${script} ended with ${code}`),
    )
  })
}

/** The end of a long story is where it says what went wrong. @param {string} said */
function ending(said) {
  return said.trim().split('\n').slice(-30).join('\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wanted = process.argv.slice(2)
  for (const [key, part] of Object.entries(parts)) {
    if (wanted.length && !wanted.includes(key)) continue
    if (isFresh(part)) {
      console.log(`The ${part.name} is up to date.`)
      continue
    }
    const said = await build(part)
    if (said !== undefined) {
      console.error(`The ${part.name} could not be built:\n${said}`)
      process.exit(1)
    }
    console.log(`The ${part.name} is built.`)
  }
}
