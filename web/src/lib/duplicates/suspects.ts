import type { DuplicatesQuery } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

type Suspects = DuplicatesQuery['duplicates']['nodes'][number]

/** The same assets, with everything that they have in common. */
export type Group = Suspects & { key: string; reasons: string[] }

/** One entry for each set of assets, though they may share a name and an address. */
export function grouped(suspects: Suspects[]): Group[] {
  const groups = new Map<string, Group>()
  for (const each of suspects) {
    const key = each.assets
      .map(({ id }) => id)
      .sort()
      .join()
    const known = groups.get(key)
    if (known) known.reasons.push(reason(each))
    else groups.set(key, { ...each, key, reasons: [reason(each)] })
  }
  return [...groups.values()]
}

/** What kind of thing they share, as far as its form tells. */
export function reason({ identifier, assets }: Pick<Suspects, 'identifier' | 'assets'>): string {
  if (assets.every(({ name }) => name.trim().toLowerCase() === identifier)) return messages.same.name
  if (/^\d{1,3}(\.\d{1,3}){3}(\/\d+)?$/.test(identifier)) return messages.same.address
  if (/^([\da-f]{2}[:-]){5}[\da-f]{2}$/.test(identifier)) return messages.same.mac
  if (/^[\da-f]*:[\da-f:]+$/.test(identifier)) return messages.same.address
  return identifier.includes('.') ? messages.same.hostname : messages.same.other
}
