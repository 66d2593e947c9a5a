/** `npm run check`: everything that can be said about the sources without running them. */
import { pathToFileURL } from 'node:url'
import { checkNode, collect, install } from './prepare.mjs'

const steps = {
  format: 'check:format',
  queries: 'codegen',
  lint: 'check:lint',
  types: 'check:types',
  'web types': 'check:web',
  schema: 'check:schema',
}

/** Runs every step, whatever the others said. @returns {Promise<{ passed: number, failed: number }>} */
export async function check() {
  const counts = { passed: 0, failed: 0 }
  for (const [name, script] of Object.entries(steps))
    await step(counts, name, 'npm', ['run', '--silent', script])
  return counts
}

/** Counts one command and shows what it said when it failed.
 * @param {{ passed: number, failed: number }} counts @param {string} name @param {string} command @param {string[]} args */
export async function step(counts, name, command, args) {
  const begun = Date.now()
  const { code, said } = await collect(command, args)
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  counts[code === 0 ? 'passed' : 'failed']++
  console.log(`  ${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (code !== 0) console.log(`${said.trimEnd()}\n`)
  return code === 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  checkNode()
  await install(console.log)
  const { failed } = await check()
  if (failed) console.log('\n  `npm run fix` mends what can be mended by a program.\n')
  process.exitCode = failed ? 1 : 0
}
