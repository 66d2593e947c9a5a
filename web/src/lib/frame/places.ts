import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import CopyCheck from '@lucide/svelte/icons/copy-check'
import Gauge from '@lucide/svelte/icons/gauge'
import FileUp from '@lucide/svelte/icons/file-up'
import History from '@lucide/svelte/icons/history'
import Plug from '@lucide/svelte/icons/plug'
import Play from '@lucide/svelte/icons/refresh-cw'
import Settings from '@lucide/svelte/icons/settings'
import Shield from '@lucide/svelte/icons/shield'
import Users from '@lucide/svelte/icons/users-round'
import Webhook from '@lucide/svelte/icons/webhook'
import type { AssetKind } from '#lib/gql/generated.ts'
import { kindPages, type Icon } from '#lib/kinds/kindPages.ts'
import { session } from '#lib/session/session.svelte.ts'
import { messages } from './messages.ts'

export type Place = { path: string; name: string; icon: Icon; forAdministrators?: boolean }
type Section = { group: string | null; places: Place[] }

const kinds = (...shown: AssetKind[]): Place[] =>
  shown.map((kind) => ({
    path: kindPages[kind].path,
    name: kindPages[kind].many,
    icon: kindPages[kind].icon,
  }))

const all: Section[] = [
  { group: null, places: [{ path: '/', name: messages.dashboard, icon: Gauge }] },
  { group: messages.inventory, places: kinds('SERVER', 'APP', 'SYSTEM', 'CLIENT') },
  {
    group: messages.infrastructure,
    places: kinds('DATACENTER', 'VOLUME', 'SNAPSHOT', 'IMAGE', 'NETWORK', 'FLAVOR'),
  },
  {
    group: messages.discovery,
    places: [
      { path: '/connections', name: messages.connections, icon: Plug },
      { path: '/runs', name: messages.runs, icon: Play },
      { path: '/schedules', name: messages.schedules, icon: CalendarClock },
      { path: '/webhooks', name: messages.webhooks, icon: Webhook },
    ],
  },
  {
    group: null,
    places: [
      { path: '/duplicates', name: messages.duplicates, icon: CopyCheck },
      { path: '/import', name: messages.import, icon: FileUp },
      { path: '/history', name: messages.history, icon: History },
    ],
  },
  {
    group: null,
    places: [
      { path: '/settings', name: messages.settings, icon: Settings },
      { path: '/teams', name: messages.teams, icon: Users },
      {
        path: '/administration',
        name: messages.administration,
        icon: Shield,
        forAdministrators: true,
      },
    ],
  },
]

/** Every page of the rail that this person may open, in groups; the search knows the same list. */
export const places = {
  get sections(): Section[] {
    const administrator = session.user?.administrator ?? false
    return all.map(({ group, places }) => ({
      group,
      places: places.filter((place) => administrator || !place.forAdministrators),
    }))
  },
  get all(): Place[] {
    return places.sections.flatMap((section) => section.places)
  },
}

export function isHere(place: Place, path: string): boolean {
  return place.path === '/' ? path === '/' : path === place.path || path.startsWith(`${place.path}/`)
}
