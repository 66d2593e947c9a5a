import { client } from '#lib/client.ts'
import { CrawlersDocument } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

async function crawlers() {
  const { data } = await client.query(CrawlersDocument, {}, { requestPolicy: 'cache-first' }).toPromise()
  return data?.crawlers ?? []
}

const holds = (text: string) => (option: { value: string; label: string; note?: string }) =>
  `${option.value} ${option.label} ${option.note ?? ''}`.toLowerCase().includes(text.toLowerCase())

/** What a datacenter's fields are usually filled with: the providers and regions that crawlers know. */
export const suggestions = {
  async provider(text: string) {
    const known = (await crawlers())
      .filter((each) => each.usesRegions)
      .map((each) => ({ value: each.provider, label: each.provider, note: each.name }))
    return [...known, { value: 'metal', label: 'metal', note: messages.ownMachines }].filter(holds(text))
  },

  async regions(text: string) {
    const all = (await crawlers()).flatMap((each) => each.regions)
    return all
      .map(({ name, label }) => ({ value: name, label: name, note: label }))
      .filter(holds(text))
      .slice(0, 40)
  },
}
