/** `npm test`: installs what is missing, checks, builds, runs all tests, and ends with one line of counts. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, step } from './check.mjs'
import { checkNode, install, root, runtime } from './prepare.mjs'

checkNode()
await install(console.log)
const counts = await check()
await step(counts, 'build', process.execPath, [join(root, 'dev/build.mjs')])
add(await vitest())
console.log(`\n${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed ? 1 : 0

/** @param {{ passed: number, failed: number }} more */
function add(more) {
  counts.passed += more.passed
  counts.failed += more.failed
}

async function vitest() {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-report-'))
  const report = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  try {
    const code = await run(runtime(), [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters])
    return read(report, code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A file that cannot be loaded and a run that breaks off have no failed test to count, and still are failures.
 * @param {string} report @param {number | null} code */
function read(report, code) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const unloaded = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    )
    const failed = numFailedTests + unloaded.length
    return { passed: numPassedTests, failed: failed || code === 0 ? failed : 1 }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

/** @param {string} command @param {string[]} args @returns {Promise<number | null>} */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    const end = () => {
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end)
    child.on('error', () => resolve(1))
    child.on('close', resolve)
  })
}
