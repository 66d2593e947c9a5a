import { randomBytes } from 'node:crypto'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { Change, ChangeSet, changesOf, recordsOf } from '../history/records.ts'
import { Server } from '../inventory/server.ts'
import { parseConfig } from '../platform/config.ts'
import { type Core, openCore } from '../platform/core.ts'
import { systemSession } from '../platform/session.ts'
import { noCounts } from '../runs/run.ts'
import type { Connection } from './connection.ts'
import type { Observation } from './crawler.ts'
import { identityOf, reconcilePage, type Target } from './reconcile.ts'
import { SeenIds } from './seenIds.ts'

describe('pages of one listing', () => {
  let core: Core
  const target: Target = {
    connection: {
      _id: new ObjectId(),
      name: 'aws',
      provider: 'AWS',
      datacenter: new ObjectId(),
      access: [{ principal: 'user:ada', level: 'ADMIN' }],
    } as Connection,
    account: '123456789012',
    region: 'eu-west-1',
    resource: { name: 'instances', label: 'instances', kind: 'SERVER', permissions: [] },
    run: new ObjectId(),
  }

  beforeAll(async () => {
    const config = parseConfig({
      MONGODB_URI: inject('mongoUri'),
      MONGODB_DATABASE: `test-${randomBytes(6).toString('hex')}`,
      REDIS_URL: inject('redisUrl'),
      SESSION_SECRET: randomBytes(32).toString('hex'),
      SECRETS_KEY: randomBytes(32).toString('base64'),
      LOG_LEVEL: 'silent',
    })
    core = await openCore('test', config, [Change, ChangeSet, Server])
  })
  afterAll(async () => {
    await core?.db.dropDatabase()
    await core?.close()
  })

  const instance = (externalId: string, role: string): Observation => ({
    externalId,
    values: { name: externalId, status: 'ACTIVE', role },
  })

  it('may be on their way at once; of what they repeat the later one wins', async () => {
    const seen = new SeenIds()
    const counts = noCounts()
    const save = (page: Observation[], before?: Promise<unknown>) =>
      reconcilePage(systemSession(core, 'Crawl'), target, page, seen, counts, before)
    const large = Array.from({ length: 600 }, (_, n) => instance(`i-${n}`, 'first'))
    const first = save(large)
    await Promise.all([first, save([instance('i-7', 'second'), instance('i-600', 'new')], first)])

    const session = systemSession(core, 'Test')
    const repeated = identityOf(session, target, 'i-7')
    expect(await recordsOf(core, 'assets').findOne({ _id: repeated })).toMatchObject({
      role: 'second',
      version: 2,
    })
    expect(counts).toMatchObject({ found: 601, created: 601, changed: 1 })
    expect(await changesOf(core).countDocuments({ recordKind: 'SERVER' })).toBe(602)
  })
})
