/** `npm run bench`: makes ready what is missing, then measures with the compiled server on the project's own Node. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, isFresh, parts } from './build.mjs'
import { checkNode, giveUp, install, root, runtime } from './prepare.mjs'

checkNode()
await install((line) => console.error(`  ${line} …`))
if (!isFresh(parts.server)) {
  console.error('  Building the server …')
  const said = await build(parts.server)
  if (said !== undefined) giveUp(`The server could not be built:\n\n${said}`)
}

// Ctrl-C reaches the whole process group; the child stops what it has started.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {})
const child = spawn(runtime(), [join(root, 'dist/dev/bench/main.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code) => process.exit(code ?? 1))
