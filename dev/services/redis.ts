import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findOnPath } from '../setup/command.ts'
import { libraryPath, unpack } from '../setup/packages.ts'
import { bareEnvironment } from './bareEnvironment.ts'
import { startService, whenReady } from './service.ts'

export interface RedisOptions {
  dataDir: string
  socketDir: string
  say?: (line: string) => void
}

/** Starts the server with our stdin as its leash: when we are gone, however, the server is told to end. */
const leashed = `
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
(cat <&3 >/dev/null; kill -TERM $server) 2>/dev/null >/dev/null &
exec 3<&- 0</dev/null
echo $server
wait $server
`

/** A private Redis on a socket only, which keeps what it is told on disk. */
export async function startRedis({ dataDir, socketDir, say }: RedisOptions) {
  const folder = join(dataDir, 'redis')
  const socket = join(socketDir, 'redis.sock')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { command, env } = await redisServer(say)
  const service = await startService(async () => {
    const child = spawn('sh', ['-c', leashed, 'redis', command, ...settings(folder, socket)], {
      detached: true,
      env: { ...bareEnvironment(), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    child.stdin.on('error', () => {})
    child.once('exit', () => child.stdin.destroy())
    const pid = new Promise<number>((resolve) => child.stdout.once('data', (line) => resolve(Number(line))))
    await whenReady(
      'Redis',
      child,
      60_000,
      (up) => void answers(socket, () => child.exitCode !== null).then(up),
    )
    child.stdout.resume()
    return { pid: await pid, child }
  })
  return { service, url: `unix://${socket}` }
}

function settings(folder: string, socket: string): string[] {
  return [
    ...['--port', '0', '--unixsocket', socket, '--unixsocketperm', '700', '--dir', folder],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--maxmemory-policy', 'noeviction'],
    ...['--daemonize', 'no', '--logfile', join(folder, 'redis.log'), '--loglevel', 'warning'],
  ]
}

async function redisServer(
  say?: (line: string) => void,
): Promise<{ command: string; env: NodeJS.ProcessEnv }> {
  const installed = findOnPath('redis-server') ?? findOnPath('valkey-server')
  if (installed) return { command: installed, env: {} }
  const root = await unpack('redis', ['redis-server'], {
    leaveOut:
      /^(libc6|dpkg|tar|perl.*|lib.*-perl|libperl.*|adduser|passwd|debconf|usrmerge|lsb-base|.*init.*|libpam.*)$/,
    otherwise:
      'Install redis-server, point REDIS_URL at a Redis, or run everything in containers: docker compose up',
    say,
  })
  return { command: join(root, 'usr/bin/redis-server'), env: { LD_LIBRARY_PATH: libraryPath(root) } }
}

/** While Redis reads its log back, it answers LOADING; only PONG means that it is up. */
async function answers(socket: string, over: () => boolean): Promise<void> {
  while (!over()) {
    if (await ping(socket)) return
    await delay(25)
  }
  return new Promise(() => {})
}

function ping(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket, () => connection.write('PING\r\n'))
    const done = (pong: boolean) => {
      connection.destroy()
      resolve(pong)
    }
    connection.setTimeout(1000, () => done(false))
    connection.once('error', () => done(false))
    connection.once('data', (data) => done(data.toString().startsWith('+PONG')))
  })
}
