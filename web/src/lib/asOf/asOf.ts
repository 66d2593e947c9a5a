import { type beforeNavigate, goto } from '$app/navigation'
import { page } from '$app/state'
import { kindAt } from '#lib/kinds/paths.ts'
import { hereWith } from '#lib/ui/hereWith.ts'

/** The moment at which this page shows the inventory, as its address says; null for now. */
export function asOf(): string | null {
  const time = Date.parse(page.url.searchParams.get('asOf') ?? '')
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** This page at another moment; null for now. Places in a list belong to the moment at which they were read. */
export const at = (time: string | null): string => hereWith({ asOf: time, after: null, before: null })

type Going = Parameters<Parameters<typeof beforeNavigate>[0]>[0]

/** Whoever looks at the past and follows a link to an asset or a list of them stays in the past. */
export function stayThen(navigation: Going) {
  const to = navigation.to?.url
  const time = asOf()
  if (!time || navigation.type !== 'link' || !to || to.searchParams.has('asOf')) return
  if (!kindAt(`/${to.pathname.split('/')[1]}`)) return
  navigation.cancel()
  to.searchParams.set('asOf', time)
  void goto(to)
}
