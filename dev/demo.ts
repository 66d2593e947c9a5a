import { demoAccount } from './emulators/aws/accounts.ts'
import { assertPortIsFree } from './portIsFree.ts'
import { askGraphql, type Ask } from './askGraphql.ts'
import { addBusiness } from './demoBusiness.ts'
import { Problem } from './setup/problem.ts'
import type { Supervised } from './services/supervised.ts'

const EMAIL = 'demo@maestro.local'
const NAME = 'Demo cloud'

/** Names as AWS gives them, so that the datacenter's regions and the cloud's are the same. */
const regions = { 'eu-central-1': 640, 'eu-west-1': 1200, 'us-east-1': 360 }

/** The stored connection names the endpoint, so the port should be the same each time. */
const PORT = Number(process.env.DEMO_CLOUD_PORT || 4566)

/** Starts the emulated cloud on its usual port, or on any free one. */
export async function demoEndpoint(launch: (args: string[]) => Promise<Supervised>): Promise<string> {
  const usual = await assertPortIsFree('127.0.0.1', PORT).then(
    () => true,
    () => false,
  )
  const sizes = Object.entries(regions).map(([region, size]) => `${region}=${size}`)
  const args = ['--seed', 'demo', '--surroundings', '--regions', sizes.join(',')]
  const { url } = await launch(usual ? ['--port', String(PORT), ...args] : args)
  if (!url)
    throw new Problem('The demo cloud did not say where it listens. Nothing was added to the inventory.')
  return url
}

/** Connects the emulated cloud as a person would, through the API, and starts a sync. */
export async function fillDemo(api: string, endpoint: string, password: string, say: (line: string) => void) {
  const ask = askGraphql(`${api}/graphql`)
  const token = await signIn(ask, password)
  const asDemo = askGraphql(`${api}/graphql`, token)
  const connection = await connect(asDemo, endpoint)
  await asDemo(
    `mutation ($id: ID!) { connectionSync(input: { id: $id }) { run { id } userErrors { message } } }`,
    {
      id: connection,
    },
  )
  say(`Sign in as ${EMAIL} with the password ${password}`)
  say(`An emulated AWS account with ${Object.keys(regions).length} regions is connected and being crawled.`)
  // The page is open by then; the rest comes in before its eyes.
  void addBusiness(asDemo).catch((error: Error) =>
    say(`The applications of the demo could not be added: ${error.message}`),
  )
}

async function signIn(ask: Ask, password: string): Promise<string> {
  const { installation } = await ask<{ installation: { needsFirstAccount: boolean } }>(
    '{ installation { needsFirstAccount } }',
  )
  const answer = 'signedIn { accessToken } userErrors { message }'
  const { entered } = await ask<{ entered: { signedIn: { accessToken: string } | null } }>(
    installation.needsFirstAccount
      ? `mutation ($email: String!, $password: String!) {
          entered: userSignUp(input: { name: "Demo", email: $email, password: $password }) { ${answer} }
        }`
      : `mutation ($email: String!, $password: String!) {
          entered: sessionCreate(input: { email: $email, password: $password }) { ${answer} }
        }`,
    { email: EMAIL, password },
  )
  return entered.signedIn!.accessToken
}

interface Stored {
  id: string
  name: string
  version: number
  settings: { endpoint?: string }
}

/** The id of the connection to the emulated cloud; made where it is missing, moved where the port has changed. */
async function connect(ask: Ask, endpoint: string): Promise<string> {
  const { connections } = await ask<{ connections: { nodes: Stored[] } }>(
    '{ connections(first: 100) { nodes { id name version settings } } }',
  )
  const stored = connections.nodes.find((each) => each.name === NAME)
  if (!stored) return create(ask, endpoint)
  if (stored.settings.endpoint !== endpoint)
    await ask(
      `mutation ($input: ConnectionUpdateInput!) { connectionUpdate(input: $input) { userErrors { message } } }`,
      {
        input: { id: stored.id, version: stored.version, settings: [{ name: 'endpoint', value: endpoint }] },
      },
    )
  return stored.id
}

async function create(ask: Ask, endpoint: string): Promise<string> {
  const names = Object.keys(regions)
  const { datacenterCreate } = await ask<{ datacenterCreate: { datacenter: { id: string } } }>(
    `mutation ($input: DatacenterCreateInput!) {
      datacenterCreate(input: $input) { datacenter { id } userErrors { message } }
    }`,
    {
      input: {
        name: NAME,
        provider: 'AWS',
        regions: names,
        description: 'An emulated AWS account to look at',
      },
    },
  )
  const { connectionCreate } = await ask<{ connectionCreate: { connection: { id: string } } }>(
    `mutation ($input: ConnectionCreateInput!) {
      connectionCreate(input: $input) { connection { id } userErrors { message } }
    }`,
    {
      input: {
        name: NAME,
        provider: 'AWS',
        datacenter: datacenterCreate.datacenter.id,
        regions: names,
        settings: [
          { name: 'accessKeyId', value: demoAccount.accessKeyId },
          { name: 'secretAccessKey', value: demoAccount.secretAccessKey },
          { name: 'endpoint', value: endpoint },
        ],
      },
    },
  )
  return connectionCreate.connection.id
}
