import { type Answer, guardedCall } from '../../platform/guardedCall.ts'
import { Problem } from '../../platform/errors.ts'
import type { CrawlContext } from '../crawler.ts'
import { absence, type Endpoint, endpointsIn, findEndpoint, regionsIn } from './catalogue.ts'
import { patiently } from './patiently.ts'
import { refusalOf, unreadableAnswer, type Where } from './problems.ts'
import { baseOf, type ServiceName, services } from './services.ts'
import { regionsNamed, sideOf, signInBody, tokenUrl } from './settings.ts'

const timeoutMs = 60_000
const maxBytes = 64 * 2 ** 20

/** What signing in gave. */
export interface Token {
  secret: string
  project: { id: string; name: string }
  user: string
  endpoints: Endpoint[]
}

/** A question to one service of one region. */
export interface Question {
  service: ServiceName
  region: string
  /** Below the address of the service. */
  path: string
  query?: URLSearchParams
  headers?: Record<string, string>
}

/** One cloud as one key sees it. The listings of a run share its token; whoever finds it expired renews it for all. */
export class Cloud {
  readonly #versions = new Map<string, Promise<string | null>>()
  #signingIn: Promise<Token> | null = null

  signedIn(context: CrawlContext): Promise<Token> {
    if (!this.#signingIn) {
      const signingIn = signIn(context)
      this.#signingIn = signingIn
      signingIn.catch(() => this.#forget(signingIn))
    }
    return this.#signingIn
  }

  /** Regions that are read: those that somebody has named, else all of the catalogue. */
  async regions(context: CrawlContext): Promise<string[]> {
    const named = regionsNamed(context.settings)
    return named.length
      ? named
      : regionsIn((await this.signedIn(context)).endpoints, sideOf(context.settings))
  }

  async has(context: CrawlContext, region: string, service: ServiceName): Promise<boolean> {
    const { endpoints } = await this.signedIn(context)
    return findEndpoint(endpoints, sideOf(context.settings), region, services[service]) !== undefined
  }

  /** @throws Problem when the region or the service is not in the catalogue */
  async base(context: CrawlContext, region: string, service: ServiceName): Promise<string> {
    const { endpoints, project } = await this.signedIn(context)
    const side = sideOf(context.settings)
    const found = findEndpoint(endpoints, side, region, services[service])
    if (!found) throw absence(endpoints, side, region, services[service])
    return baseOf(services[service], found.url, project.id)
  }

  /**
   * The answer, as JSON.
   *
   * @throws Problem
   */
  async ask(context: CrawlContext, question: Question): Promise<Record<string, unknown>> {
    const where = whereOf(question)
    const { path, query, headers } = question
    const base = await this.base(context, question.region, question.service)
    const url = `${base}${path}${query?.size ? `?${query}` : ''}`
    const send = ({ secret }: Token) =>
      patiently(
        context,
        where,
        () =>
          call(context, url, { headers: { accept: 'application/json', 'x-auth-token': secret, ...headers } }),
        question.service,
      )
    const token = await this.signedIn(context)
    let answer = await send(token)
    // It has expired in the middle of the crawl, or was revoked.
    if (answer.status === 401) answer = await send(await this.#renewed(context, token))
    if (answer.status !== 200 && answer.status !== 203) throw refusalOf(answer, where)
    return objectIn(answer, where)
  }

  /** Found out once for a region by `find`. */
  version(region: string, find: () => Promise<string | null>): Promise<string | null> {
    const known = this.#versions.get(region) ?? find()
    this.#versions.set(region, known)
    known.catch(() => this.#versions.delete(region))
    return known
  }

  async #renewed(context: CrawlContext, stale: Token): Promise<Token> {
    const current = this.#signingIn
    if (current && (await current) === stale) this.#forget(current)
    return this.signedIn(context)
  }

  #forget(signingIn: Promise<Token>) {
    if (this.#signingIn === signingIn) this.#signingIn = null
  }
}

const clouds = new WeakMap<CrawlContext['settings'], Cloud>()

/** The same one for all that is done with the same opened settings, so for one run. */
export function cloudOf({ settings }: CrawlContext): Cloud {
  const cloud = clouds.get(settings) ?? new Cloud()
  clouds.set(settings, cloud)
  return cloud
}

const whereOf = ({ service, region }: Question): Where =>
  `the ${services[service].label} service in ${region}`

/** An answer without a token, such as the versions of a service. */
export const askOpenly = (context: CrawlContext, url: string): Promise<Answer> =>
  patiently(context, url, () => call(context, url, { headers: { accept: 'application/json' } }))

const call = (
  { config, signal }: CrawlContext,
  url: string,
  rest: { method?: 'POST'; headers: Record<string, string>; body?: string },
) => guardedCall(config, url, { ...rest, signal, timeoutMs, maxBytes })

async function signIn(context: CrawlContext): Promise<Token> {
  const where = 'the identity (Keystone) service'
  const body = JSON.stringify(signInBody(context.settings))
  const url = tokenUrl(context.settings)
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  const answer = await patiently(context, where, () => call(context, url, { method: 'POST', headers, body }))
  if (answer.status !== 201 && answer.status !== 200) throw refusalOf(answer, where)
  const secret = answer.headers['x-subject-token']
  const { token } = objectIn(answer, where)
  const { project, user, catalog } = (token ?? {}) as Record<string, Record<string, unknown> | undefined>
  if (typeof secret !== 'string' || !token)
    throw unreadableAnswer(where, 'there is no token in it. Perhaps this is not the address of Keystone.')
  if (typeof project?.id !== 'string')
    throw new Problem(
      'PROJECT_MISSING',
      'The credentials work, but they are not for a project, so there is nothing to read.',
      'Name the project, and its domain, in the settings of the connection.',
    )
  return {
    secret,
    project: { id: project.id, name: String(project.name ?? project.id) },
    user: String(user?.name ?? user?.id ?? 'unknown user'),
    endpoints: endpointsIn(catalog),
  }
}

function objectIn({ text }: Answer, where: Where): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const what = text.trimStart().startsWith('<') ? 'it is HTML, not JSON.' : `${(error as Error).message}.`
    throw unreadableAnswer(where, what)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw unreadableAnswer(where, 'it is not an object.')
}
