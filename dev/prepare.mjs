/**
 * What must be true before anything of the project can run: a usable Node, the packages of the lockfile.
 * Needs nothing but Node itself.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Ends the process with one sentence that says what to do. @param {string} sentence @returns {never} */
export function giveUp(sentence) {
  process.stderr.write(`\n  ${sentence}\n\n`)
  process.exit(1)
}

/** @param {string} version @param {number[]} minimum */
function atLeast(version, minimum) {
  const parts = version.replace('v', '').split('.').map(Number)
  const differs = minimum.findIndex((wanted, index) => parts[index] !== wanted)
  return differs < 0 || parts[differs] > minimum[differs]
}

export function checkNode() {
  if (!atLeast(process.version, [20, 19]))
    giveUp(
      `Maestro needs Node 20.19 or newer to start, and this is ${process.version}. Install a newer Node; nothing was changed.`,
    )
  if (process.platform === 'win32')
    giveUp('Maestro does not run on Windows itself. Use WSL, or run it in containers: docker compose up')
}

/** The packages' own Node 24 where there is one for this machine, else the Node we run on. */
export function runtime() {
  const packaged = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(packaged)) return packaged
  if (atLeast(process.version, [22, 17])) return process.execPath
  return giveUp(
    `Maestro needs Node 22.17 or newer on ${process.platform}-${process.arch}, and this is ${process.version}. ` +
      'Install a newer Node, or run Maestro in containers: docker compose up',
  )
}

/** Whether node_modules holds what the lockfile says, whoever installed it. */
function isInstalled() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false
  const installed = read('node_modules/.package-lock.json')
  return Object.entries(read('package-lock.json')).every(
    ([path, { version, optional, peer }]) =>
      path === '' || (installed[path] ? installed[path].version === version : optional || peer),
  )
}

/** Runs `npm ci` where packages are missing or differ from the lockfile. @param {(line: string) => void} say */
export async function install(say) {
  if (isInstalled()) return
  say('Installing the packages of the lockfile (about a minute, once)')
  const { code, said } = await collect('npm', ['ci'])
  if (code !== 0)
    giveUp(
      `The packages could not be installed. npm said:\n\n${said.trim().split('\n').slice(-12).join('\n')}\n\n  Nothing else was changed; mend that and start again.`,
    )
}

/** @param {string} command @param {string[]} args @returns {Promise<{ code: number | null, said: string }>} */
export function collect(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
    child.on('error', (error) => resolve({ code: 1, said: `${command} could not be run: ${error.message}` }))
    child.on('close', (code) => resolve({ code, said }))
  })
}
