/** `npm start` and `npm run demo`: makes ready what is missing, then hands over to dev/start.ts on the project's own Node. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, isFresh, parts } from './build.mjs'
import { checkNode, giveUp, install, root, runtime } from './prepare.mjs'

/** @param {string} line */
const say = (line) => console.log(`  ${line} …`)

checkNode()
await install(say)
const node = runtime()

const stale = Object.values(parts).filter((part) => !isFresh(part))
if (stale.length) say(`Building the ${stale.map((part) => part.name).join(' and the ')}`)
for (const part of stale) {
  const said = await build(part)
  if (said !== undefined) giveUp(`The ${part.name} could not be built:\n\n${said}`)
}

// Ctrl-C reaches the whole process group; the one who knows the order of stopping is the child.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {})

const child = spawn(
  node,
  ['--enable-source-maps', join(root, 'dist/dev/start.js'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  },
)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code) => process.exit(code ?? 1))

// npm starts us through a shell that outlives it. Whoever starts this file directly may well go away.
const shell = process.ppid
const npm = parentOf(shell)
if (process.env.npm_lifecycle_event)
  setInterval(() => {
    if (process.ppid !== shell || parentOf(shell) !== npm) child.kill('SIGTERM')
  }, 1000).unref()

/** Undefined where the system does not tell. @param {number} pid */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  } catch {
    return undefined
  }
}
