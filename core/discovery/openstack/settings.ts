import { Problem } from '../../platform/errors.ts'
import type { CrawlerField } from '../crawler.ts'

export const fields: CrawlerField[] = [
  {
    name: 'url',
    label: 'Identity service',
    description: 'Address of Keystone, as in OS_AUTH_URL.',
    type: 'URL',
    required: true,
    placeholder: 'https://cloud.example.com:5000/v3',
  },
  {
    name: 'applicationCredential',
    label: 'Application credential',
    description:
      'Id of an application credential, or its name if the user is given as well. It belongs to one project and needs no password.',
    type: 'TEXT',
    required: false,
  },
  {
    name: 'applicationCredentialSecret',
    label: 'Secret of the credential',
    description: 'Stored encrypted; it never leaves the server again.',
    type: 'SECRET',
    required: false,
  },
  {
    name: 'username',
    label: 'User',
    description:
      'Name or id of a user with the role reader; with a password, or with the name of a credential.',
    type: 'TEXT',
    required: false,
  },
  {
    name: 'password',
    label: 'Password',
    description: 'Stored encrypted; it never leaves the server again.',
    type: 'SECRET',
    required: false,
  },
  {
    name: 'userDomain',
    label: 'Domain of the user',
    description: 'Name or id; "Default" if left out.',
    type: 'TEXT',
    required: false,
    placeholder: 'Default',
  },
  {
    name: 'project',
    label: 'Project',
    description: 'Name or id of the project that is read; needed with a password.',
    type: 'TEXT',
    required: false,
  },
  {
    name: 'projectDomain',
    label: 'Domain of the project',
    description: "Name or id; the user's if left out.",
    type: 'TEXT',
    required: false,
    placeholder: 'Default',
  },
  {
    name: 'regions',
    label: 'Regions',
    description: 'Regions to read, divided by commas; all of the catalogue if left out.',
    type: 'TEXT',
    required: false,
    placeholder: 'RegionOne, RegionTwo',
  },
  {
    name: 'interface',
    label: 'Interface',
    description: 'Which addresses of the catalogue are called: public, internal or admin.',
    type: 'TEXT',
    required: false,
    placeholder: 'public',
  },
]

type Settings = Record<string, string>

const given = (settings: Settings, name: string) => settings[name]?.trim() || undefined

/** Address that hands out tokens. */
export function tokenUrl(settings: Settings): string {
  const url = new URL(given(settings, 'url') ?? '')
  const root = url.pathname.replace(/\/auth\/tokens\/?$/, '').replace(/\/(v2\.0|v3)?\/?$/, '')
  return `${url.origin}${root}/v3/auth/tokens`
}

/**
 * What is sent to sign in, with an application credential where there is one.
 *
 * @throws Problem when neither a credential nor a password with a project is given
 */
export function signInBody(settings: Settings): object {
  const name = given(settings, 'username')
  const user = name && named(name, given(settings, 'userDomain'))
  const credential = given(settings, 'applicationCredential')
  const secret = given(settings, 'applicationCredentialSecret')
  if (credential && secret) {
    const which = user && !isId(credential) ? { name: credential, user } : { id: credential }
    return {
      auth: {
        identity: { methods: ['application_credential'], application_credential: { ...which, secret } },
      },
    }
  }
  const password = given(settings, 'password')
  const project = given(settings, 'project')
  if (!user || !password || !project)
    throw new Problem(
      'SETTINGS_INCOMPLETE',
      credential || secret
        ? 'An application credential needs its secret as well.'
        : 'There is nothing to sign in with: neither an application credential with its secret, nor a user with a password and a project.',
      'Complete the settings of the connection.',
    )
  const domain = given(settings, 'projectDomain') ?? given(settings, 'userDomain')
  return {
    auth: {
      identity: { methods: ['password'], password: { user: { ...user, password } } },
      scope: { project: named(project, domain) },
    },
  }
}

/** Ids are unique in a cloud; names are so in a domain. */
const named = (text: string, domain: string | undefined) =>
  isId(text) ? { id: text } : { name: text, domain: domainOf(domain) }

const domainOf = (text = 'Default') => (isId(text) || text === 'default' ? { id: text } : { name: text })

const isId = (text: string) => /^[0-9a-f]{32}$/.test(text.replaceAll('-', ''))

export function sideOf(settings: Settings): string {
  const side = (given(settings, 'interface') ?? 'public').toLowerCase()
  if (['public', 'internal', 'admin'].includes(side)) return side
  throw new Problem(
    'SETTINGS_INCOMPLETE',
    `"${side.slice(0, 60)}" is no interface of a catalogue.`,
    'Choose public, internal or admin in the settings of the connection.',
  )
}

/** Regions that somebody has named; none means all that there are. */
export const regionsNamed = (settings: Settings): string[] => [
  ...new Set(
    (settings.regions ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  ),
]
