import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { LockHeld, takeLock } from './lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-lock-'))
const path = join(folder, 'lock')
const source = new URL('./lock.ts', import.meta.url).href

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Another process that takes the lock, says so, and waits to be ended. */
function holder() {
  const code = `import { takeLock } from '${source}'
    try { takeLock('${path}'); console.log('taken') } catch (error) { console.log(error.name) }
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = new Promise<string>((resolve) =>
    child.stdout!.once('data', (line) => resolve(String(line).trim())),
  )
  const end = () => new Promise((resolve) => child.once('close', resolve) && child.kill('SIGKILL'))
  return { child, said, end }
}

it('is taken over from a process that was killed, and from no other', async () => {
  const first = holder()
  expect(await first.said).toBe('taken')
  expect(() => takeLock(path)).toThrow(LockHeld)
  await first.end()
  const mine = takeLock(path)
  expect(() => takeLock(path)).toThrow(LockHeld)
  mine.release()
  takeLock(path).release()
  expect(readdirSync(folder)).toEqual([])
})

it('is taken by one of many that find it left behind', async () => {
  writeFileSync(path, JSON.stringify({ pid: 1, started: 'long ago' }))
  const racers = Array.from({ length: 6 }, holder)
  const said = await Promise.all(racers.map((racer) => racer.said))
  await Promise.all(racers.map((racer) => racer.end()))
  expect(said.filter((word) => word === 'taken')).toHaveLength(1)
})

it('is not stopped by a file that makes no sense', () => {
  rmSync(path, { force: true })
  writeFileSync(path, 'nonsense')
  takeLock(path).release()
})
