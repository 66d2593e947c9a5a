import type { AssetKind } from '#lib/gql/generated.ts'

const place = (kind: AssetKind) => `maestro.columns.${kind}`

/** The columns that were chosen for a kind's list, kept on this device; null: the usual ones. */
export function keptColumns(kind: AssetKind): string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place(kind)) ?? 'null')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : null
  } catch {
    return null
  }
}

export function keepColumns(kind: AssetKind, columns: string[] | null) {
  try {
    if (columns) localStorage.setItem(place(kind), JSON.stringify(columns))
    else localStorage.removeItem(place(kind))
  } catch {
    // Without storage the choice lasts as long as the address does.
  }
}
