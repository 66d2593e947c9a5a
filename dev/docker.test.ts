import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseConfig, settings } from '../core/platform/config.ts'
import { projectRoot } from './setup/projectRoot.ts'

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')

interface Service {
  image?: string
  build?: string
  command?: string | string[]
  environment?: Record<string, string>
  volumes?: string[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, null>
}

/** As compose does it: ${NAME:-default} and ${NAME:?complaint}. */
function interpolate(text: string, environment: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string, rest: string) => {
    const value = environment[name]
    if (value) return value
    if (kind === '?') throw new Error(`${name} ${rest}`)
    return rest ?? ''
  })
}

describe('docker-compose.yml', () => {
  const { services } = compose
  const ours = ['api', 'workers'] as const
  const secrets = { SESSION_SECRET: 'x'.repeat(64), SECRETS_KEY: Buffer.alloc(32, 7).toString('base64') }
  const environmentOf = (name: string, given: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(services[name]!.environment!).map(([key, value]) => [key, interpolate(value, given)]),
    )

  it('has the services that an estate needs', () => {
    expect(Object.keys(services).sort()).toEqual(['api', 'mail', 'mongo', 'redis', 'workers'])
  })

  it.each(ours)('gives %s settings that our configuration knows and takes', (name) => {
    const environment = environmentOf(name, secrets)
    expect(Object.keys(settings.shape)).toEqual(expect.arrayContaining(Object.keys(environment)))
    expect(parseConfig(environment)).toMatchObject({ MONGODB_URI: expect.stringContaining('replicaSet=rs0') })
  })

  it.each(ours)('does not start %s without secrets of its own', (name) => {
    expect(() => environmentOf(name, {})).toThrow(/SESSION_SECRET is missing/)
  })

  it('runs one image with two commands', () => {
    expect(ours.map((name) => services[name]!.command)).toEqual([...ours])
    expect(new Set(ours.map((name) => services[name]!.image)).size).toBe(1)
  })

  it('refers only to services and volumes that it declares, and waits for health that somebody checks', () => {
    for (const { depends_on = {}, volumes = [], environment = {} } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(Object.keys(services)).toContain(name)
        if (condition === 'service_healthy')
          expect(services[name]!.healthcheck?.test.length).toBeGreaterThan(1)
      }
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
      for (const key of ['MONGODB_URI', 'REDIS_URL'])
        if (environment[key]) expect(Object.keys(services)).toContain(new URL(environment[key]).hostname)
    }
  })

  it('keeps the database and the queues on volumes', () => {
    expect(services.mongo!.volumes).toContain('mongo:/data/db')
    expect(services.redis!.volumes).toContain('redis:/data')
    expect(services.redis!.command).toEqual(expect.arrayContaining(['--appendonly', 'noeviction']))
  })
})

describe('the Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => ({ word: line.split(' ')[0]!, rest: line.slice(line.indexOf(' ') + 1) }))
  const all = (word: string) => instructions.filter((each) => each.word === word).map((each) => each.rest)
  const ignored = read('.dockerignore').split('\n').filter(Boolean)

  it('copies files that exist and are not ignored', () => {
    const copied = all('COPY')
      .filter((rest) => !rest.startsWith('--from='))
      .flatMap((rest) => rest.split(' ').slice(0, -1))
    expect(copied.length).toBeGreaterThan(3)
    for (const path of copied) {
      expect(existsSync(join(projectRoot, path)), path).toBe(true)
      expect(ignored).not.toContain(path)
    }
  })

  it('takes from the build what the build makes', () => {
    const taken = all('COPY')
      .filter((rest) => rest.startsWith('--from=build'))
      .map((rest) => rest.split(' ')[1]!.replace('/app/', ''))
    const made: Record<string, string> = {
      'dist/': '',
      'web/build': 'web/vite.config.ts',
      node_modules: 'package.json',
    }
    for (const path of taken) {
      const rule = Object.keys(made).find((prefix) => path.startsWith(prefix))
      const source = rule === undefined ? path : made[rule] || path.replace('dist/', '')
      expect(existsSync(join(projectRoot, source)), path).toBe(true)
    }
    expect(taken).toEqual(expect.arrayContaining(['dist/api', 'dist/workers', 'dist/core', 'web/build']))
  })

  it('runs npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = all('RUN').flatMap((rest) => [...rest.matchAll(/npm run (\S+)/g)].map((match) => match[1]!))
    expect(named).toContain('build')
    for (const name of named) expect(scripts).toHaveProperty([name])
  })

  it('sets only what our configuration knows', () => {
    const keys = all('ENV').flatMap((rest) => rest.split(' ').map((pair) => pair.split('=')[0]!))
    expect(Object.keys(settings.shape)).toEqual(expect.arrayContaining(keys))
  })

  it('does not run as root', () => {
    expect(all('USER')).toEqual(['node'])
  })

  it('starts a process that refuses to run without configuration, and says which', () => {
    const [command, ...args] = JSON.parse(all('ENTRYPOINT')[0]!) as string[]
    expect(command).toBe('node')
    for (const role of ['api', 'workers']) {
      const { status, stderr } = spawnSync(process.execPath, [...args, role], {
        cwd: projectRoot,
        env: {},
        encoding: 'utf8',
        timeout: 10_000,
      })
      expect(status, `${role}: ${stderr}`).toBe(1)
      expect(stderr).toContain('MONGODB_URI is missing')
    }
    const { status, stderr } = spawnSync(process.execPath, [...args, 'cook'], {
      cwd: projectRoot,
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toContain('"cook"')
  })
})
