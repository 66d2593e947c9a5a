import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { enabledRegions, optInRegions } from './catalogue.ts'
import type { Account } from './accounts.ts'
import { Fault } from './fault.ts'

export interface Scope {
  accessKeyId: string
  date: string
  region: string
  service: string
  signedHeaders: string[]
  signature: string
}

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/
const allowedSkewMs = 15 * 60 * 1000

/** What the request claims about itself; null when it is not signed at all. Nothing is verified yet. */
export function readScope(request: IncomingMessage): Scope | null {
  const match = authorization.exec(request.headers.authorization ?? '')
  if (!match) return null
  const [, accessKeyId = '', date = '', region = '', service = '', signedHeaders = '', signature = ''] = match
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature }
}

/** Throws what AWS would answer, unless the request is signed with this account's secret, now, and for a real region. */
export function verify(
  request: IncomingMessage,
  body: Buffer,
  scope: Scope | null,
  account: Account | undefined,
  now: number,
  knownRegions: ReadonlySet<string>,
): asserts account is Account {
  if (!scope) throw new Fault(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
  const sts = scope.service === 'sts'
  const token = request.headers['x-amz-security-token']
  if (!account || (token ?? undefined) !== account.sessionToken) throw unknownKey(sts)
  if (!regionExists(scope.region, knownRegions)) {
    const code = sts ? 'SignatureDoesNotMatch' : 'AuthFailure'
    throw new Fault(403, code, `Credential should be scoped to a valid region, not '${scope.region}'.`)
  }
  if (!sameSignature(scope.signature, sign(request, body, scope, account.secretAccessKey))) {
    throw new Fault(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    )
  }
  checkClock(String(request.headers['x-amz-date']), now, sts)
  if (account.expired) throw expired(sts)
}

function sign(request: IncomingMessage, body: Buffer, scope: Scope, secret: string): string {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const query = [...url.searchParams]
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .sort()
    .join('&')
  const headers = scope.signedHeaders.map((name) => {
    const value = request.headers[name]
    return `${name}:${String(value ?? '')
      .trim()
      .replace(/\s+/g, ' ')}\n`
  })
  const payload = createHash('sha256').update(body).digest('hex')
  const canonical = [
    request.method,
    // Every service but S3 encodes the path, encoded as it is, once more.
    scope.service === 's3' ? url.pathname : encode(url.pathname).replaceAll('%2F', '/'),
    query,
    headers.join(''),
    scope.signedHeaders.join(';'),
    payload,
  ]
  const day = `${scope.date}/${scope.region}/${scope.service}/aws4_request`
  const hashed = createHash('sha256').update(canonical.join('\n')).digest('hex')
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], day, hashed].join('\n')
  let key: Buffer | string = `AWS4${secret}`
  for (const part of [scope.date, scope.region, scope.service, 'aws4_request']) key = hmac(key, part)
  return hmac(key, toSign).toString('hex')
}

function checkClock(stamp: string, now: number, sts: boolean): void {
  const at = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const ahead = at - now
  if (Math.abs(ahead) <= allowedSkewMs) return
  if (!sts && ahead < 0) throw new Fault(400, 'RequestExpired', 'Request has expired.')
  const here = `${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`
  const message =
    ahead > 0
      ? `Signature not yet current: ${stamp} is still later than ${here} (${here} + 15 min.)`
      : `Signature expired: ${stamp} is now earlier than ${here} (${here} - 15 min.)`
  throw new Fault(403, 'SignatureDoesNotMatch', message)
}

function unknownKey(sts: boolean): Fault {
  return sts
    ? new Fault(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.')
    : new Fault(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials')
}

function expired(sts: boolean): Fault {
  return sts
    ? new Fault(403, 'ExpiredToken', 'The security token included in the request is expired')
    : new Fault(400, 'RequestExpired', 'Request has expired.')
}

function regionExists(region: string, known: ReadonlySet<string>): boolean {
  return known.has(region) || enabledRegions.includes(region) || optInRegions.includes(region)
}

function sameSignature(claimed: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(claimed), Buffer.from(right))
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
