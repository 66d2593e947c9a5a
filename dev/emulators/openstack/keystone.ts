import { Refusal } from './refusal.ts'
import { demoUser, project, type World } from './world.ts'

interface Named {
  id?: string
  name?: string
  domain?: { id?: string; name?: string }
}

interface SignIn {
  auth?: {
    identity?: {
      methods?: string[]
      password?: { user?: Named & { password?: string } }
      application_credential?: { id?: string; name?: string; user?: Named; secret?: string }
    }
    scope?: { project?: Named }
  }
}

const refused = () => new Refusal(401, 'The request you have made requires authentication.')

/** POST /v3/auth/tokens: the token, and what the answer says about it. */
export function signIn(world: World, body: string): { token: string; answer: object } {
  const { auth } = JSON.parse(body) as SignIn
  const identity = auth?.identity
  const [method] = identity?.methods ?? []
  if (method === 'application_credential') assertCredential(identity?.application_credential)
  else if (method === 'password') assertPassword(identity?.password?.user)
  else throw new Refusal(400, 'Expecting to find methods in identity.')
  const scoped = method === 'application_credential' || isProject(auth?.scope?.project)
  if (auth?.scope?.project && !scoped) throw refused()
  return {
    token: world.newToken(),
    answer: {
      token: {
        methods: [method],
        user: { id: demoUser.id, name: demoUser.name, domain: { id: 'default', name: 'Default' } },
        expires_at: '2099-01-01T00:00:00.000000Z',
        issued_at: '2024-01-01T00:00:00.000000Z',
        audit_ids: ['3T2dc1CGQxyJsHdDu1xkcw'],
        ...(scoped && {
          project: { ...project, domain: { id: 'default', name: 'Default' } },
          roles: [{ id: '51cc68287d524c759f47c811e6463340', name: 'reader' }],
          is_domain: false,
          catalog: catalog(world),
        }),
      },
    },
  }
}

/** Ids stand alone; names need a domain, by id or by name. */
const isNamed = ({ id, name, domain }: Named, known: { id: string; name: string }) =>
  id ? id === known.id : name === known.name && (domain?.id === 'default' || domain?.name === 'Default')

const isProject = (named: Named | undefined) => named !== undefined && isNamed(named, project)

function assertPassword(user: (Named & { password?: string }) | undefined) {
  if (!user || !isNamed(user, demoUser) || user.password !== demoUser.password) throw refused()
}

function assertCredential(
  credential: { id?: string; name?: string; user?: Named; secret?: string } | undefined,
) {
  const known =
    credential?.id === demoUser.credentialId ||
    (credential?.name === demoUser.credentialName && credential.user && isNamed(credential.user, demoUser))
  if (!known || credential?.secret !== demoUser.credentialSecret) throw refused()
}

/** Some addresses have a version and the project in them, some have not; all of these are found in the wild. */
const places: [string, string, string][] = [
  ['compute', 'nova', '/v2.1'],
  ['network', 'neutron', ''],
  ['volumev3', 'cinderv3', `/v3/${project.id}`],
  ['image', 'glance', ''],
  ['load-balancer', 'octavia', ''],
  ['object-store', 'swift', `/v1/AUTH_${project.id}`],
]

function catalog(world: World) {
  const identity = world.regionNames.flatMap((region) => endpoints(region, `${world.url}/identity/v3`))
  const services = places.map(([type, name, path]) => ({
    id: `service-${name}`,
    type,
    name,
    endpoints: world.regionNames
      .filter((region) => !world.missing.has(`${region}/${type}`))
      .flatMap((region) => endpoints(region, `${world.url}/${region}/${type}${path}`)),
  }))
  return [{ id: 'service-keystone', type: 'identity', name: 'keystone', endpoints: identity }, ...services]
}

const endpoints = (region: string, url: string) =>
  ['public', 'internal', 'admin'].map((side) => ({
    id: `${region}-${side}`,
    interface: side,
    region,
    region_id: region,
    // What is not public is not reached from outside: nothing listens there.
    url: side === 'public' ? url : url.replace(/\/\/[^/]+/, '//127.0.0.1:1'),
  }))
