/** A region of a provider, and the zones in it. */
export interface Region {
  /** As the provider's API calls it, such as `eu-west-1`. */
  code: string
  /** As people call it, such as Ireland. */
  name: string
  /** As the provider's API calls them, such as `eu-west-1a`. */
  zones: string[]
}

export interface BuiltInProvider {
  /** What datacenters say in `provider`, such as AWS. */
  code: string
  name: string
  regions: Region[]
}

type Rows = Record<string, string | [name: string, zones: string]>

/**
 * Regions by code: the name, or the name and the zones. Zones are written one character each and come after the code,
 * joined by what the provider joins them with.
 */
export const readRegions = (rows: Rows, joint = ''): Region[] =>
  Object.entries(rows).map(([code, row]) => {
    const [name, zones] = typeof row === 'string' ? [row, ''] : row
    return { code, name, zones: [...zones].map((zone) => `${code}${joint}${zone}`) }
  })
