import { listCollation, queryTimeoutMs } from '../../platform/database.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../../platform/page.ts'
import type { Session } from '../../platform/session.ts'
import { escapedText } from '../../platform/text.ts'
import type { AppFamily } from '../families.ts'
import { type CatalogueEntry, entriesOf, hydrateEntry, type Shelf } from './entry.ts'
import { type CatalogueOption, options } from './option.ts'
import type { OptionList } from './optionList.ts'
import { type CatalogueProvider, providers } from './provider.ts'
import { type CatalogueService, services } from './service.ts'

export interface ServiceFilter {
  families?: AppFamily[] | null
  managed?: boolean | null
  tags?: string[] | null
  text?: string | null
  hidden?: boolean | null
}

/** Services by name. */
export async function findServices(
  session: Session,
  filter: ServiceFilter,
  args: PageArgs,
): Promise<Page<CatalogueService>> {
  const text = containing(filter.text, ['name', 'tags'])
  const condition = {
    ...(filter.families?.length && { families: { $in: filter.families } }),
    ...(filter.managed != null && { managed: filter.managed }),
    ...(filter.tags?.length && { tags: { $in: filter.tags } }),
    hidden: filter.hidden ?? false,
    ...text,
  }
  const page = await findPage(
    entriesOf(session.core, services),
    condition,
    [{ field: 'name', direction: 1 }],
    args,
    { collation: listCollation },
  )
  return mapPage(page, (record) => hydrateEntry(services, record))
}

/** The options of one list, or of all, in their order. */
export const findOptions = (
  session: Session,
  { list, text, hidden }: { list?: OptionList | null; text?: string | null; hidden?: boolean | null },
): Promise<CatalogueOption[]> =>
  findEntries(
    session,
    options,
    { ...(list && { list }), hidden: hidden ?? false, ...containing(text, ['value']) },
    { list: 1, place: 1, value: 1 },
  )

/** Providers by name. */
export const findProviders = (
  session: Session,
  { text, hidden }: { text?: string | null; hidden?: boolean | null },
): Promise<CatalogueProvider[]> =>
  findEntries(
    session,
    providers,
    { hidden: hidden ?? false, ...containing(text, ['code', 'name']) },
    { name: 1 },
  )

/** All that fit; their number is limited when they are added. */
async function findEntries<T extends CatalogueEntry, Input>(
  session: Session,
  shelf: Shelf<T, Input>,
  condition: object,
  sort: Record<string, 1>,
): Promise<T[]> {
  const found = await entriesOf(session.core, shelf)
    .find(condition, {
      collation: listCollation,
      maxTimeMS: queryTimeoutMs,
      batchSize: shelf.most + 1,
    })
    .sort(sort)
    .toArray()
  return found.map((record) => hydrateEntry(shelf, record))
}

function containing(text: string | null | undefined, fields: string[]) {
  const wanted = text?.trim().slice(0, 200)
  if (!wanted) return {}
  return { $or: fields.map((field) => ({ [field]: { $regex: escapedText(wanted), $options: 'i' } })) }
}
