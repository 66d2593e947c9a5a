import type { FormValues } from '#lib/assets/formValues.ts'
import { client } from '#lib/client.ts'
import {
  SuggestedOptionsDocument,
  SuggestedServicesDocument,
  type AppFamily,
  type SuggestionSource,
} from '#lib/gql/generated.ts'
import { providersLike, regionsLike, zonesLike } from './places.ts'
import { fits, type Suggestion } from './suggestion.ts'

/** What the catalogue suggests for a field; `around` is what the form says so far. */
export async function fromCatalogue(
  source: SuggestionSource,
  text: string,
  around: FormValues = {},
): Promise<Suggestion[]> {
  switch (source) {
    case 'PRODUCT':
      return services({ text, families: around.family ? [around.family as AppFamily] : null })
    case 'LANGUAGE':
      return languages(text)
    case 'PROVIDER':
      return providersLike(text)
    case 'REGION':
      return regionsLike(text, around)
    case 'ZONE':
      return zonesLike(text, around)
    default: {
      const { data } = await client
        .query(SuggestedOptionsDocument, { list: source }, { requestPolicy: 'cache-first' })
        .toPromise()
      return (data?.options ?? []).map(({ value }) => ({ value, label: value })).filter(fits(text))
    }
  }
}

async function services(filter: { text: string; families?: AppFamily[] | null; tags?: string[] }) {
  const { data } = await client
    .query(
      SuggestedServicesDocument,
      { filter: { ...filter, text: filter.text || null } },
      { requestPolicy: 'cache-first' },
    )
    .toPromise()
  return (data?.catalogueServices.nodes ?? []).map(({ name, managed }) => ({
    value: name,
    label: name,
    also: { managed: String(managed) },
  }))
}

/** A language says nothing about who runs what is written in it. */
const languages = async (text: string) =>
  (await services({ text, tags: ['language', 'runtime'] })).map(({ value, label }) => ({ value, label }))
