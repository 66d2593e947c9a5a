import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ask, askGraphql } from '../../dev/askGraphql.ts'
import { demoAccount } from '../../dev/emulators/aws/accounts.ts'
import { startAwsEmulator } from '../../dev/emulators/aws/emulator.ts'
import { freePort, startMaestro } from '../../dev/testing/startedMaestro.ts'
import { Account, regions } from './account.ts'

/** A Maestro of its own, as somebody starts it: every part is a process, and is started again when it dies. */
export async function startWhole() {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-truth-'))
  const dataDir = join(folder, 'data')
  const maestro = startMaestro(['--port', String(await freePort()), '--data', dataDir], {
    ALLOW_LOOPBACK_ENDPOINTS: 'true',
    WORKER_CONCURRENCY: '8',
  })
  const url = `${await maestro.ready()}/graphql`
  const { userSignUp } = await askGraphql(url)<{ userSignUp: { signedIn: { accessToken: string } } }>(
    `mutation { userSignUp(input: { name: "Ada", email: "ada@example.com", password: "a quiet harbour at dawn" }) {
      signedIn { accessToken } userErrors { message } } }`,
  )
  const token = await tokenFrom(askGraphql(url, userSignUp.signedIn.accessToken))
  const ask = askGraphql(url, token)
  const emulators: { close(): Promise<void> }[] = []
  let accounts = 0
  return {
    dataDir,
    ask,
    /** A cloud account of its own, connected, with some instances and nothing read of them yet. */
    async account(): Promise<Account> {
      const account = String(100_000_000_000 + ++accounts)
      const emulator = await startAwsEmulator({
        seed: account,
        accounts: [{ ...demoAccount, account }],
        regions: Object.fromEntries(regions.map((region) => [region, 12])),
        quirks: { '*': {} },
        largestPage: 5,
      })
      emulators.push(emulator)
      return new Account(emulator.control, ask, await connect(ask, account, emulator.url))
    },
    async close() {
      maestro.child.kill('SIGINT')
      await maestro.ended
      for (const emulator of emulators) await emulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One that outlasts the test, unlike the access token of a session. */
async function tokenFrom(ask: Ask): Promise<string> {
  const { apiTokenCreate } = await ask<{ apiTokenCreate: { secret: string } }>(
    `mutation ($expiresAt: DateTimeISO!) { apiTokenCreate(input: { name: "truth", level: WRITE, expiresAt: $expiresAt }) {
      secret userErrors { message } } }`,
    { expiresAt: new Date(Date.now() + 86_400_000) },
  )
  return apiTokenCreate.secret
}

async function connect(ask: Ask, name: string, endpoint: string): Promise<string> {
  const { datacenterCreate } = await ask<{ datacenterCreate: { datacenter: { id: string } } }>(
    'mutation ($input: DatacenterCreateInput!) { datacenterCreate(input: $input) { datacenter { id } userErrors { message } } }',
    { input: { name, provider: 'AWS', regions } },
  )
  const settings = [
    { name: 'accessKeyId', value: demoAccount.accessKeyId },
    { name: 'secretAccessKey', value: demoAccount.secretAccessKey },
    { name: 'endpoint', value: endpoint },
  ]
  const { connectionCreate } = await ask<{ connectionCreate: { connection: { id: string } } }>(
    'mutation ($input: ConnectionCreateInput!) { connectionCreate(input: $input) { connection { id } userErrors { message } } }',
    { input: { name, provider: 'AWS', datacenter: datacenterCreate.datacenter.id, regions, settings } },
  )
  return connectionCreate.connection.id
}
