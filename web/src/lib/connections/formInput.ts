import type { CrawlersQuery, SettingInput } from '#lib/gql/generated.ts'

export type Crawler = CrawlersQuery['crawlers'][number]

export type ConnectionValues = {
  name: string
  provider: string
  datacenter: { id: string; name: string } | null
  regions: string[]
  settings: Record<string, string>
  files: { id: string; name: string }[]
}

/** The settings to send: what was typed; for a stored connection, an untouched secret stays as it is. */
export function settingsInput(
  crawler: Crawler,
  values: ConnectionValues,
  stored: Record<string, unknown> | null,
): SettingInput[] {
  return crawler.fields.flatMap((field) => {
    if (field.type === 'FILES') return []
    const typed = (values.settings[field.name] ?? '').trim()
    if (field.type === 'SECRET' || stored === null) return typed ? [{ name: field.name, value: typed }] : []
    return typed === String(stored[field.name] ?? '') ? [] : [{ name: field.name, value: typed }]
  })
}

/** What is still missing, by field. `kept` are the secrets that the server already has. */
export function faults(
  crawler: Crawler | undefined,
  values: ConnectionValues,
  kept: string[],
): Record<string, string> {
  const found: Record<string, string> = {}
  if (!values.name.trim()) found.name = 'Give it a name.'
  if (!values.datacenter) found.datacenter = 'Choose the datacenter that this connection reads.'
  if (!crawler) return { ...found, provider: 'Choose where to read from.' }
  if (crawler.usesRegions && !values.regions.length) found.regions = 'Choose at least one region.'
  for (const field of crawler.fields) {
    const given = field.type === 'FILES' ? values.files.length > 0 : !!values.settings[field.name]?.trim()
    if (field.required && !given && !kept.includes(field.name))
      found[field.name] = `${field.label} is needed.`
  }
  return found
}
