import type { FormValues } from '#lib/assets/formValues.ts'
import { client } from '#lib/client.ts'
import { ProviderOfDatacenterDocument, SuggestedPlacesDocument } from '#lib/gql/generated.ts'
import { fits, type Suggestion } from './suggestion.ts'

const MOST = 60

async function providers() {
  const { data } = await client
    .query(SuggestedPlacesDocument, {}, { requestPolicy: 'cache-first' })
    .toPromise()
  return data?.providers ?? []
}

export async function providersLike(text: string): Promise<Suggestion[]> {
  return (await providers())
    .map(({ code, name }) => ({ value: code, label: code, note: name === code ? undefined : name }))
    .filter(fits(text))
}

/** The regions of the provider that the form names, itself or by its datacenter; of all, while it names none. */
async function regionsAround(around: FormValues) {
  const code = await providerAround(around)
  const all = await providers()
  const own = all.filter((each) => each.code.toLowerCase() === code?.toLowerCase())
  return (own.length ? own : all).flatMap(({ regions, name }) =>
    regions.map((region) => ({ ...region, provider: name })),
  )
}

async function providerAround({ provider, datacenter }: FormValues): Promise<string | undefined> {
  if (typeof provider === 'string' && provider) return provider
  const place = datacenter as { id: string } | null | undefined
  if (!place) return undefined
  const { data } = await client
    .query(ProviderOfDatacenterDocument, { id: place.id }, { requestPolicy: 'cache-first' })
    .toPromise()
  return data?.datacenter?.provider
}

export async function regionsLike(text: string, around: FormValues): Promise<Suggestion[]> {
  return (await regionsAround(around))
    .map(({ code, name }) => ({ value: code, label: code, note: name }))
    .filter(fits(text))
    .slice(0, MOST)
}

/** The zones of the region or regions that the form names; of every one that it could name, while it names none. */
export async function zonesLike(text: string, around: FormValues): Promise<Suggestion[]> {
  const named = [around.region, around.regions].flat().filter(Boolean)
  const regions = await regionsAround(around)
  const own = regions.filter(({ code }) => named.includes(code))
  return (own.length ? own : regions)
    .flatMap(({ zones, name }) => zones.map((zone) => ({ value: zone, label: zone, note: name })))
    .filter(fits(text))
    .slice(0, MOST)
}
