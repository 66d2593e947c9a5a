import { createServer } from 'node:net'
import { Problem } from './setup/problem.ts'

/** Says so before anything is started, because the API itself would notice last. */
export async function assertPortIsFree(host: string, port: number): Promise<void> {
  const server = createServer()
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve).listen(port, host, () => resolve(undefined))
  })
  if (!error) return new Promise((resolve) => server.close(() => resolve()))
  if (error.code === 'EADDRINUSE')
    throw new Problem(
      `Port ${port} on ${host} is used by another program, which was left alone. ` +
        'Stop that one, or choose another port with --port.',
    )
  throw new Problem(
    `Maestro cannot listen on ${host}:${port} (${error.code}). Choose others with HOST and --port.`,
  )
}
