import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findOnPath, run } from './command.ts'
import { distribution, type Distribution } from './distribution.ts'
import { Problem } from './problem.ts'

const architectures: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

/** An apt of our own inside `folder`: the system's mirrors and keys, none of its state, no root. */
export class PrivateApt {
  readonly #folder: string
  readonly #env: NodeJS.ProcessEnv

  private constructor(folder: string) {
    this.#folder = folder
    this.#env = { ...process.env, APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' }
  }

  /** `sources` are lines of a sources.list. */
  static async open(folder: string, sources: string[]): Promise<PrivateApt> {
    for (const path of [
      'lists/partial',
      'cache/archives/partial',
      'etc/apt.conf.d',
      'etc/preferences.d',
      'etc/keys',
    ])
      mkdirSync(join(folder, path), { recursive: true })
    writeFileSync(join(folder, 'status'), '')
    writeFileSync(join(folder, 'sources.list'), sources.join('\n') + '\n')
    writeFileSync(join(folder, 'apt.conf'), configuration(folder, await proxies()))
    const apt = new PrivateApt(folder)
    await run('apt-get', ['-q', 'update'], { env: apt.#env })
    return apt
  }

  /** The packages with everything they depend on, as on a machine that has nothing yet. */
  async closure(packages: string[]): Promise<string[]> {
    const plan = await run('apt-get', ['-q', '--simulate', 'install', ...packages], { env: this.#env })
    return [...plan.matchAll(/^Inst (\S+)/gm)].map((line) => line[1]!.replace(/:.*/, ''))
  }

  /** apt checks each file against the signed index and gives none that does not match. */
  async download(packages: string[], into: string): Promise<void> {
    mkdirSync(into, { recursive: true })
    await run('apt-get', ['-q', 'download', ...packages], { env: this.#env, cwd: into })
  }

  get folder(): string {
    return this.#folder
  }
}

/** The system's repositories; `suite` names another release of the same distribution. */
export async function systemSources(suite?: string): Promise<string[]> {
  if (!findOnPath('apt-get') || !findOnPath('dpkg')) throw new Problem('apt is not available here')
  const system = distribution()
  const sources = sourceLines(await systemRepositories(), system, suite)
  if (!sources.length)
    throw new Problem(`apt here has no repository of ${system.codename || 'a known release'}`)
  return sources
}

/** Asked of `update`, because `indextargets` knows nothing until the lists were fetched once. */
async function systemRepositories(): Promise<{ uri: string; suite: string }[]> {
  const printed = await run('apt-get', ['update', '--print-uris'])
  return [...printed.matchAll(/^'(\S+?)\/dists\/(\S+)\/InRelease'/gm)].map(([, uri, suite]) => ({
    uri: uri!,
    suite: suite!,
  }))
}

export function sourceLines(
  repositories: { uri: string; suite: string }[],
  { id, codename }: Distribution,
  suite = codename,
): string[] {
  const keyring = `/usr/share/keyrings/${id}-archive-keyring.gpg`
  const components = id === 'ubuntu' ? 'main universe' : 'main'
  const wanted = repositories
    .filter(
      (repository) => codename && new RegExp(`^${codename}(-updates|-security)?$`).test(repository.suite),
    )
    .map(({ uri, suite: own }) => {
      const target = suite + own.slice(codename.length)
      return `deb [arch=${architectures[process.arch]} signed-by=${keyring}] ${uri} ${target} ${components}`
    })
  return [...new Set(wanted)]
}

/** Mirrors behind a proxy stay reachable; no other setting of the system is taken over. */
async function proxies(): Promise<string[]> {
  const dump = await run('apt-config', ['dump'])
  return dump.split('\n').filter((line) => /^Acquire::https?::Proxy[ :]/i.test(line) && !line.endsWith('"";'))
}

function configuration(folder: string, extra: string[]): string {
  return [
    `Dir::State "${folder}";`,
    `Dir::State::lists "${folder}/lists";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Log "${folder}";`,
    `Dir::Etc "${folder}/etc";`,
    `Dir::Etc::sourcelist "${folder}/sources.list";`,
    `Dir::Etc::trustedparts "${folder}/etc/keys";`,
    ...['sourceparts', 'main', 'parts', 'trusted'].map((key) => `Dir::Etc::${key} "/dev/null";`),
    'APT::Sandbox::User "";',
    'APT::Install-Recommends "false";',
    'APT::Get::AllowUnauthenticated "false";',
    'Acquire::AllowInsecureRepositories "false";',
    'Acquire::AllowDowngradeToInsecureRepositories "false";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    ...extra,
    '',
  ].join('\n')
}
