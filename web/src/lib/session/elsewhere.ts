import type { session } from './session.svelte.ts'

type Here = Pick<URL, 'pathname' | 'search'> & { searchParams: Pick<URLSearchParams, 'get'> }
type Installation = NonNullable<(typeof session)['installation']>

/** Where people come by a link of a mail, signed in or not. */
const LINKS = ['/invitation', '/confirm-email', '/reset-password']

const DOORS: Record<string, (installation: Installation | null) => boolean> = {
  '/sign-in': () => true,
  '/sign-up': (installation) => installation?.signUpOpen ?? false,
  '/forgot-password': (installation) => installation?.passwordSignIn ?? false,
  '/first-account': () => false,
}

/** Where somebody belongs instead, or null when they are where they may be. */
export function elsewhere(
  here: Here,
  { state, installation }: Pick<typeof session, 'state' | 'installation'>,
): string | null {
  const path = here.pathname
  const door = DOORS[path]
  if (state === 'STARTING') return null
  if (state === 'SIGNED_IN') return door ? nextOf(here) : null
  if (installation?.needsFirstAccount && installation.passwordSignIn)
    return path === '/first-account' ? null : '/first-account'
  if (LINKS.includes(path)) return null
  if (door) return door(installation) ? null : '/sign-in'
  return path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path + here.search)}`
}

/** The page that was asked for before the sign-in: one of our own, whatever somebody has put into the address. */
export function nextOf({ searchParams }: Here): string {
  const next = searchParams.get('next')
  if (!next?.startsWith('/')) return '/'
  const here = 'http://here.invalid'
  if (!URL.canParse(next, here)) return '/'
  const { origin, pathname, search, hash } = new URL(next, here)
  const path = `${pathname}${search}${hash}`
  return origin === here && !path.startsWith('//') && !(pathname in DOORS) ? path : '/'
}
