import { demoAccount } from '../../../dev/emulators/aws/accounts.ts'
import { startAwsEmulator } from '../../../dev/emulators/aws/emulator.ts'
import type { EmulatorOptions } from '../../../dev/emulators/aws/world.ts'
import type { Config } from '../../platform/config.ts'
import type { CrawlContext, ObservationPage } from '../crawler.ts'
import { aws } from './aws.ts'

export const region = 'eu-west-1'

/** For tests: an emulated account with surroundings, and what the crawler reads of it. */
export async function emulatedAccount(options: EmulatorOptions = {}) {
  const emulator = await startAwsEmulator({
    regions: { [region]: 12 },
    quirks: { '*': {} },
    surroundings: true,
    ...options,
  })
  const counts = { calls: 0, throttles: 0 }
  const { accessKeyId, secretAccessKey } = demoAccount
  const context: CrawlContext = {
    config: { ALLOW_LOOPBACK_ENDPOINTS: true } as Config,
    settings: { endpoint: emulator.url, accessKeyId, secretAccessKey },
    regions: [region],
    files: null as never,
    uploads: [],
    signal: new AbortController().signal,
    turn: () => Promise.resolve(void counts.calls++),
    throttled: () => void counts.throttles++,
  }
  const list = async (name: string, where: string | null = region) => {
    const resource = aws.resources.find((one) => one.name === name)!
    const pages: ObservationPage[] = []
    for await (const page of aws.list(context, resource, resource.global ? null : where)) pages.push(page)
    return {
      pages,
      things: pages.flatMap(({ observations }) => observations),
      unreadable: pages.flatMap(({ unreadable }) => unreadable),
    }
  }
  const one = async (name: string, externalId: string) => {
    const found = (await list(name)).things.find((thing) => thing.externalId === externalId)
    if (!found) throw new Error(`Of ${name}, ${externalId} is not listed.`)
    return found
  }
  return { ...emulator, context, counts, list, one }
}
