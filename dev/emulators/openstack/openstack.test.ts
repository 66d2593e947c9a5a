import { afterEach, describe, expect, it } from 'vitest'
import { type OpenStackEmulator, startOpenStackEmulator } from './emulator.ts'
import { demoUser, type EmulatorOptions, project } from './world.ts'

const open: OpenStackEmulator[] = []
afterEach(async () => {
  for (const emulator of open.splice(0)) await emulator.close()
})

async function start(options: EmulatorOptions = {}) {
  const emulator = await startOpenStackEmulator(options)
  open.push(emulator)
  return emulator
}

const password = {
  auth: {
    identity: {
      methods: ['password'],
      password: {
        user: { name: demoUser.name, domain: { name: 'Default' }, password: demoUser.password },
      },
    },
    scope: { project: { name: project.name, domain: { id: 'default' } } },
  },
}

const post = (url: string, body: object) =>
  fetch(`${url}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

interface Catalogued {
  type: string
  endpoints: { interface: string; region_id: string; url: string }[]
}

/** A client of the documentation: signs in, and asks by the address of the catalogue. */
async function client(emulator: OpenStackEmulator) {
  const signedIn = await post(emulator.url, password)
  expect(signedIn.status).toBe(201)
  const { token } = (await signedIn.json()) as { token: { catalog: Catalogued[] } }
  const addressOf = (type: string) =>
    token.catalog
      .find((one) => one.type === type)!
      .endpoints.find((one) => one.interface === 'public' && one.region_id === 'RegionOne')!.url
  return async (type: string, path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(addressOf(type) + path, {
      headers: { 'x-auth-token': signedIn.headers.get('x-subject-token')!, ...headers },
    })
    const text = await response.text()
    const body = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text
    return { status: response.status, headers: response.headers, body }
  }
}

describe('Keystone', () => {
  it('gives a token for a password and for an application credential', async () => {
    const { url } = await start()
    const { token } = (await (await post(url, password)).json()) as { token: Record<string, unknown> }
    expect(token).toMatchObject({
      methods: ['password'],
      project: { id: project.id, name: 'shop', domain: { id: 'default' } },
      user: { name: demoUser.name },
    })
    const credential = { id: demoUser.credentialId, secret: demoUser.credentialSecret }
    const identity = { methods: ['application_credential'], application_credential: credential }
    expect((await post(url, { auth: { identity } })).status).toBe(201)
  })

  it('refuses what is wrong, and gives a token without a catalogue where no project is named', async () => {
    const { url } = await start()
    const wrong = structuredClone(password)
    wrong.auth.identity.password.user.password = 'wrong'
    const refused = await post(url, wrong)
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({ error: { code: 401, title: 'Unauthorized' } })
    const unscoped = await post(url, { auth: { identity: password.auth.identity } })
    expect(unscoped.status).toBe(201)
    expect(((await unscoped.json()) as { token: object }).token).not.toHaveProperty('catalog')
  })
})

describe('Nova', () => {
  it('shows servers in the version that is asked for', async () => {
    const ask = await client(await start())
    const flavorIn = async (version?: string) => {
      const headers = version ? { 'openstack-api-version': `compute ${version}` } : undefined
      return (await ask('compute', '/servers/detail?limit=1', headers)).body.servers[0].flavor
    }
    expect(await flavorIn()).toMatchObject({ id: '1' })
    expect(await flavorIn('2.46')).toMatchObject({ id: '1' })
    expect(await flavorIn('2.47')).toMatchObject({ original_name: 'm1.small', vcpus: 1, ram: 2048 })
    const tooNew = { 'openstack-api-version': 'compute 2.999' }
    expect((await ask('compute', '/servers/detail', tooNew)).status).toBe(406)
    expect((await ask('compute', '/', {})).body.version).toMatchObject({
      version: '2.96',
      min_version: '2.1',
    })
  })

  it('leaves out what is out of reach before 2.69, and names it since', async () => {
    const emulator = await start()
    const ask = await client(emulator)
    const [lost] = emulator.control.rows('RegionOne', 'servers')
    emulator.control.loseServers([lost!.id])
    expect((await ask('compute', '/servers/detail')).body.servers).toHaveLength(11)
    const since = await ask('compute', '/servers/detail', { 'openstack-api-version': 'compute 2.69' })
    expect(since.body.servers).toHaveLength(12)
    expect(since.body.servers[0]).not.toHaveProperty('name')
  })
})

describe('lists', () => {
  it.each([
    ['compute', '/servers/detail', 'servers'],
    ['network', '/v2.0/ports', 'ports'],
    ['volumev3', '/volumes/detail', 'volumes'],
    ['load-balancer', '/v2/lbaas/loadbalancers', 'loadbalancers'],
  ])('of %s link to the page after, until there is none', async (service, path, collection) => {
    const emulator = await start({ regions: { RegionOne: { servers: 8, loadBalancers: 5 } } })
    const ask = await client(emulator)
    const first = await ask(service, `${path}?limit=3`)
    expect(first.body[collection]).toHaveLength(3)
    const [{ rel, href }] = first.body[`${collection}_links`]
    expect(rel).toBe('next')
    expect(new URL(href).searchParams.get('marker')).toBe(first.body[collection][2].id)
    const rest = await ask(service, `${path}?marker=${first.body[collection][2].id}`)
    expect(rest.body[`${collection}_links`]).toBeUndefined()
    expect(first.body[collection].length + rest.body[collection].length).toBe(
      emulator.control.rows('RegionOne', collection as 'ports').length,
    )
    expect((await ask(service, `${path}?marker=nobody`)).status).toBe(service === 'compute' ? 400 : 404)
  })

  it('of Glance have the path of the page after', async () => {
    const ask = await client(await start())
    const { body } = await ask('image', '/v2/images?limit=2')
    expect(body.next).toBe(`/v2/images?limit=2&marker=${body.images[1].id}`)
    expect((await ask('image', body.next)).body.images).toHaveLength(1)
  })

  it('of ports are filtered by device and by address', async () => {
    const emulator = await start()
    const ask = await client(emulator)
    const [one, two] = emulator.control.rows('RegionOne', 'servers')
    const byDevice = await ask('network', `/v2.0/ports?device_id=${one!.id}&device_id=${two!.id}`)
    expect(byDevice.body.ports).toHaveLength(2)
    const byAddress = await ask('network', '/v2.0/ports?fixed_ips=ip_address%3D10.0.1.10')
    expect(byAddress.body.ports).toHaveLength(2)
  })
})

describe('faults', () => {
  it('come in the words of each service, and go', async () => {
    const emulator = await start()
    const ask = await client(emulator)
    const asks: [string, string, object | RegExp][] = [
      ['compute', '/servers/detail', { forbidden: { code: 403 } }],
      ['network', '/v2.0/ports', { NeutronError: { type: 'Forbidden' } }],
      ['volumev3', '/volumes/detail', { forbidden: { code: 403 } }],
      ['image', '/v2/images', /<title>403 Forbidden/],
      ['load-balancer', '/v2/lbaas/pools', { faultcode: 'Client' }],
    ]
    for (const [service, path, body] of asks) {
      emulator.control.setFaults('RegionOne', service, { forbidden: true })
      const refused = await ask(service, path)
      expect(refused.status).toBe(403)
      if (body instanceof RegExp) expect(refused.body).toMatch(body)
      else expect(refused.body).toMatchObject(body)
    }
    emulator.control.clearFaults()
    for (const [service, path] of asks) expect((await ask(service, path)).status).toBe(200)
  })

  it('end tokens, slow down and break off', async () => {
    const emulator = await start()
    const ask = await client(emulator)
    const busy = { calls: 1, status: 429, retryAfter: '7' } as const
    emulator.control.setFaults('RegionOne', 'image', { busy })
    const slowed = await ask('image', '/v2/images')
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '7'])
    expect((await ask('image', '/v2/images')).status).toBe(200)
    emulator.control.setFaults('RegionOne', 'image', { cutAfterPages: 0 })
    await expect(ask('image', '/v2/images')).rejects.toThrow()
    emulator.control.expireTokens()
    expect((await ask('compute', '/servers/detail')).status).toBe(401)
  })

  it('come from another process as well', async () => {
    const emulator = await start()
    const response = await fetch(new URL('/_control', emulator.url), {
      method: 'POST',
      body: JSON.stringify({ do: 'rows', with: ['RegionOne', 'servers'] }),
    })
    expect(((await response.json()) as { result: object[] }).result).toHaveLength(12)
  })
})
