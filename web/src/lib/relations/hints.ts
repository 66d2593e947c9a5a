import { ranked, fits, type Suggestion } from '#lib/catalogue/suggestion.ts'
import { fromCatalogue } from '#lib/catalogue/suggestions.ts'
import { client } from '#lib/client.ts'
import { RelationHintsDocument, type RelationHintsQuery } from '#lib/gql/generated.ts'
import type { PropertyInfo } from './roads.ts'

/** Whether anything can be suggested for a property. */
export const isHinted = ({ name, suggest }: PropertyInfo): boolean => !!suggest || name in FROM

/** Suggestions for a property: what the catalogue knows, and what the server and the application say themselves. */
export async function hints(
  { name, suggest }: PropertyInfo,
  text: string,
  app?: string,
  server?: string,
): Promise<Suggestion[]> {
  const usual = suggest ? await fromCatalogue(suggest, text) : []
  const own = app && server && name in FROM ? await known(name, app, server) : []
  return ranked(text, [...own.filter(fits(text)), ...usual])
}

async function known(property: string, app: string, server: string): Promise<Suggestion[]> {
  const { data } = await client.query(RelationHintsDocument, { app, server }).toPromise()
  return data ? FROM[property]!(data).filter(({ value }) => value) : []
}

const offer = (value: string | null | undefined, note?: string | null): Suggestion => ({
  value: value ?? '',
  label: value ?? '',
  ...(note && { note }),
})

const FROM: Record<string, (known: RelationHintsQuery) => Suggestion[]> = {
  hostname: ({ server }) => [offer(server?.hostname), offer(server?.dnsPrivate)],
  // Those that are called like the product come first: a database is one of the services of its server.
  service: ({ server, app }) => {
    const like = (name: string) =>
      Number(!!app?.product && name.toLowerCase().includes(app.product.toLowerCase()))
    const names = (server?.services ?? []).map(({ name }) => name)
    return names.sort((a, b) => like(b) - like(a)).map((name) => offer(name))
  },
  storagePath: ({ server, app }) => [
    ...(server?.storage ?? []).map(({ mount, device, name }) => {
      const path = mount ?? device ?? name
      return offer(
        path,
        [name, device].find((other) => other && other !== path),
      )
    }),
    ...(app?.spec?.__typename === 'OracleSpec' ? app.spec.asmGroups : []).map(({ name }) =>
      offer(name, 'ASM'),
    ),
  ],
}
