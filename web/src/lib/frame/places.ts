import Boxes from '@lucide/svelte/icons/building-2'
import Gauge from '@lucide/svelte/icons/gauge'
import History from '@lucide/svelte/icons/history'
import Plug from '@lucide/svelte/icons/plug'
import Play from '@lucide/svelte/icons/refresh-cw'
import Server from '@lucide/svelte/icons/server'
import Settings from '@lucide/svelte/icons/settings'
import { messages } from './messages.ts'

export type Place = { path: string; name: string; icon: typeof Server }

/** Every page of the rail, in groups; the search knows the same list. */
export const places: { group: string | null; places: Place[] }[] = [
  { group: null, places: [{ path: '/', name: messages.dashboard, icon: Gauge }] },
  {
    group: messages.inventory,
    places: [
      { path: '/servers', name: messages.servers, icon: Server },
      { path: '/datacenters', name: messages.datacenters, icon: Boxes },
    ],
  },
  {
    group: messages.discovery,
    places: [
      { path: '/connections', name: messages.connections, icon: Plug },
      { path: '/runs', name: messages.runs, icon: Play },
    ],
  },
  {
    group: null,
    places: [
      { path: '/history', name: messages.history, icon: History },
      { path: '/settings', name: messages.settings, icon: Settings },
    ],
  },
]

export function isHere(place: Place, path: string): boolean {
  return place.path === '/' ? path === '/' : path === place.path || path.startsWith(`${place.path}/`)
}
