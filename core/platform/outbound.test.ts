import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertAimable, guardedAgents, guardedLookup, mayCall } from './outbound.ts'

const strict = { ALLOW_LOOPBACK_ENDPOINTS: false }
const trial = { ALLOW_LOOPBACK_ENDPOINTS: true }

describe('a call that a person can aim', () => {
  it.each([
    '127.0.0.1',
    '127.8.9.10',
    '::1',
    '::ffff:127.0.0.1',
    '::7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '0.0.0.0',
    '::',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    'fd00:ec2::23',
    '100.100.100.200',
    '168.63.129.16',
    '224.0.0.1',
    '255.255.255.255',
  ])('does not go to %s', (address) => {
    expect(mayCall(strict, address)).toBe(false)
  })

  it.each([
    '10.1.2.3',
    '192.168.0.7',
    '172.16.0.1',
    'fd12:3456::1',
    '100.64.0.1',
    '52.94.1.1',
    '2600:1f00::1',
  ])('may go to %s', (address) => {
    expect(mayCall(strict, address)).toBe(true)
  })

  it('may go to this machine for trials, but never to what hands out keys', () => {
    expect(mayCall(trial, '127.0.0.1')).toBe(true)
    expect(mayCall(trial, '::1')).toBe(true)
    for (const address of ['169.254.169.254', 'fd00:ec2::254', '0.0.0.0', '::'])
      expect(mayCall(trial, address)).toBe(false)
  })

  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'not a url',
  ])('is refused for %s', (url) => {
    expect(() => assertAimable(strict, url)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })

  it('is not refused for a cloud in a private network', () => {
    expect(() => assertAimable(strict, 'https://10.0.0.5:5000/v3')).not.toThrow()
    expect(() => assertAimable(strict, 'https://ec2.eu-central-1.amazonaws.com')).not.toThrow()
  })
})

describe('the connection itself', () => {
  let port: number
  const server = createServer((_request, response) => response.end('reached'))
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  const call = (config: typeof strict, host: string) =>
    new Promise<string>((resolve, reject) => {
      const agent = guardedAgents(config).httpAgent
      get({ host, port, agent, timeout: 2_000 }, (response) => {
        response.setEncoding('utf8').on('data', resolve)
        agent.destroy()
      }).on('error', reject)
    })

  it('is refused when a harmless name resolves to this machine', async () => {
    await expect(call(strict, 'localhost')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(await call(trial, 'localhost')).toBe('reached')
  })

  it('is refused for an address, which is never looked up', async () => {
    await expect(call(strict, '127.0.0.1')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(await call(trial, '127.0.0.1')).toBe('reached')
  })

  it('gets the one address or all of them, as asked', async () => {
    const look = (all: boolean) =>
      new Promise((resolve, reject) =>
        guardedLookup(trial)('localhost', { all, family: 4 }, (error, found) =>
          error ? reject(error) : resolve(found),
        ),
      )
    expect(await look(false)).toBe('127.0.0.1')
    expect(await look(true)).toEqual([{ address: '127.0.0.1', family: 4 }])
  })
})
