import Activity from '@lucide/svelte/icons/activity'
import AppWindow from '@lucide/svelte/icons/app-window'
import Archive from '@lucide/svelte/icons/archive'
import Brain from '@lucide/svelte/icons/brain'
import Briefcase from '@lucide/svelte/icons/briefcase'
import Compass from '@lucide/svelte/icons/compass'
import Container from '@lucide/svelte/icons/container'
import Database from '@lucide/svelte/icons/database'
import DoorOpen from '@lucide/svelte/icons/door-open'
import FolderGit from '@lucide/svelte/icons/folder-git'
import FolderTree from '@lucide/svelte/icons/folder-tree'
import Globe from '@lucide/svelte/icons/globe'
import KeyRound from '@lucide/svelte/icons/key-round'
import Layers from '@lucide/svelte/icons/layers'
import Lock from '@lucide/svelte/icons/lock'
import Mail from '@lucide/svelte/icons/mail'
import Mails from '@lucide/svelte/icons/mails'
import Ruler from '@lucide/svelte/icons/ruler'
import Scaling from '@lucide/svelte/icons/scaling'
import ScrollText from '@lucide/svelte/icons/scroll-text'
import Shuffle from '@lucide/svelte/icons/shuffle'
import Signpost from '@lucide/svelte/icons/signpost'
import SquareFunction from '@lucide/svelte/icons/square-function'
import Waypoints from '@lucide/svelte/icons/waypoints'
import Workflow from '@lucide/svelte/icons/workflow'
import Zap from '@lucide/svelte/icons/zap'
import type { AppFamily } from '#lib/gql/generated.ts'
import type { Icon } from './kindPages.ts'

type Family = { one: string; many: string; icon: Icon }

/** How each family of apps is called and drawn, the most looked for first. */
export const families: Record<AppFamily, Family> = {
  APPLICATION: { one: 'Application', many: 'Applications', icon: AppWindow },
  DATABASE: { one: 'Database', many: 'Databases', icon: Database },
  LOAD_BALANCER: { one: 'Load balancer', many: 'Load balancers', icon: Shuffle },
  BROKER: { one: 'Broker', many: 'Brokers', icon: Mails },
  CACHE: { one: 'Cache', many: 'Caches', icon: Zap },
  SERVERLESS: { one: 'Serverless', many: 'Serverless', icon: SquareFunction },
  CONTAINER_ORCHESTRATION: {
    one: 'Container orchestration',
    many: 'Container orchestrations',
    icon: Container,
  },
  OBJECT_STORAGE: { one: 'Object storage', many: 'Object storages', icon: Archive },
  API_GATEWAY: { one: 'API gateway', many: 'API gateways', icon: DoorOpen },
  CDN: { one: 'CDN', many: 'CDNs', icon: Globe },
  SERVICE_MESH: { one: 'Service mesh', many: 'Service meshes', icon: Waypoints },
  SERVICE_DISCOVERY: { one: 'Service discovery', many: 'Service discoveries', icon: Compass },
  DNS: { one: 'DNS', many: 'DNS', icon: Signpost },
  VPN: { one: 'VPN', many: 'VPNs', icon: Lock },
  AUTH: { one: 'Auth', many: 'Auth', icon: KeyRound },
  SMTP: { one: 'SMTP', many: 'SMTP', icon: Mail },
  MONITOR: { one: 'Monitoring', many: 'Monitoring', icon: Activity },
  LOGS: { one: 'Logs', many: 'Logs', icon: ScrollText },
  CI_CD: { one: 'CI/CD', many: 'CI/CD', icon: Workflow },
  REPOSITORY: { one: 'Repository', many: 'Repositories', icon: FolderGit },
  NAS: { one: 'NAS', many: 'NAS', icon: FolderTree },
  AUTO_SCALING: { one: 'Auto scaling', many: 'Auto scaling groups', icon: Scaling },
  AUTO_SCALING_PLAN: { one: 'Auto scaling plan', many: 'Auto scaling plans', icon: Ruler },
  SERVERLESS_LAYER: { one: 'Serverless layer', many: 'Serverless layers', icon: Layers },
  MACHINE_LEARNING: { one: 'Machine learning', many: 'Machine learning', icon: Brain },
  CORPORATE: { one: 'Corporate', many: 'Corporate', icon: Briefcase },
}

/** In the order of their declaration. */
export const familyNames = Object.keys(families) as AppFamily[]
