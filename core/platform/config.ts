import { z } from 'zod'
import { readFilesUrl } from './files/place.ts'
import { readCertificates, readSender, readSmtpUrl } from './mail/settings.ts'

/** Colours of the web app. */
export const themes = ['lotus', 'gold', 'wine', 'blue', 'dark', 'green', 'orange'] as const

const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((value) => value === 'true' || value === '1')

const onUnlessTold = z
  .enum(['true', 'false', '1', '0', ''])
  .default('true')
  .transform((value) => value !== 'false' && value !== '0')

const secret = (bytes: number) =>
  z.string().refine((value) => Buffer.byteLength(value) >= bytes, `must be at least ${bytes} bytes long`)

/** A text that its reader can read; what the reader throws goes on from the name of the setting. */
const readable = (read: (text: string) => unknown) =>
  z.string().superRefine((value, context) => {
    try {
      read(value)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
    }
  })

/** Every setting, with what it does. `docs/operations.md` shows the same table. */
export const settings = z.object({
  NODE_ENV: z.string().default('production').describe('Only for the libraries; leave it'),
  MONGODB_URI: z.string().min(1).describe('MongoDB to keep the estate in'),
  MONGODB_DATABASE: z.string().default('maestro').describe('Name of the database'),
  REDIS_URL: z
    .string()
    .min(1)
    .describe('Redis for queues and live updates: redis://…, rediss://… or unix:///path'),
  HOST: z.string().default('127.0.0.1').describe('Address that the API listens on'),
  PORT: z.coerce.number().int().min(0).max(65535).default(4000).describe('Port that the API listens on'),
  BASE_URL: z.url().optional().describe('Address under which people reach the web app'),
  SESSION_SECRET: secret(32).describe('Signs access tokens; at least 32 bytes'),
  SECRETS_KEY: z
    .string()
    .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64')
    .describe('Encrypts stored credentials; 32 bytes in base64'),
  FILES_URL: readable(readFilesUrl)
    .default('.data/files')
    .describe('Where files are kept: a folder, or s3://bucket/prefix?region=…&endpoint=…&pathStyle=true'),
  FILES_ACCESS_KEY: z.string().optional().describe('Key of the S3 store; the usual places of AWS if unset'),
  FILES_SECRET_KEY: z.string().optional().describe('Secret of FILES_ACCESS_KEY'),
  IMPORT_DIR: z.string().optional().describe('Folder under which Ansible facts may be read; none if unset'),
  WEB_DIR: z.string().default('web/build').describe('Folder of the built web app'),
  OPEN_SIGNUP: flag.describe('Lets anybody create an account'),
  PASSWORD_SIGN_IN: onUnlessTold.describe('false: people sign in by the single sign-on alone'),
  OIDC_ISSUER: z.url().optional().describe('OpenID Connect provider to sign in with; none if unset'),
  OIDC_CLIENT_ID: z.string().optional().describe('What the provider calls this Maestro'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('Secret of OIDC_CLIENT_ID; none for a public client'),
  OIDC_NAME: z.string().default('single sign-on').describe('What the button to sign in calls the provider'),
  OIDC_SCOPES: z.string().default('openid profile email').describe('What is asked of the provider'),
  OIDC_GROUPS_CLAIM: z.string().default('groups').describe("Claim that names a person's groups"),
  OIDC_ADMINISTRATOR_GROUP: z
    .string()
    .optional()
    .describe('Group whose people are administrators; nobody becomes one by a group if unset'),
  SMTP_URL: readable(readSmtpUrl)
    .optional()
    .describe('Mail server; mails are kept in MAIL_DIR and in the outbox if unset'),
  SMTP_TLS: z
    .enum(['required', 'opportunistic', 'off'])
    .default('opportunistic')
    .describe('Whether an smtp:// server has to offer STARTTLS: required, opportunistic or off'),
  SMTP_CA: readable(readCertificates)
    .optional()
    .describe(
      "File with certificates, in PEM form, that the mail server's may be signed by beside the usual ones",
    ),
  SMTP_ALLOW_BAD_CERTIFICATE: flag.describe('Accepts any certificate of the mail server'),
  MAIL_FROM: readable(readSender).default('Maestro <maestro@localhost>').describe('Sender of the mails'),
  MAIL_DIR: z
    .string()
    .default('.data/mail')
    .describe('Folder that keeps the mails when there is no mail server'),
  THEME: z
    .enum(themes)
    .default('lotus')
    .describe('Colours of this installation: lotus, gold, wine, blue, dark, green or orange'),
  ALLOW_LOOPBACK_ENDPOINTS: flag.describe('Lets cloud endpoints be on this machine, for trials'),
  ALLOW_PRIVATE_WEBHOOKS: flag.describe('Lets webhooks be in private networks'),
  TRUST_PROXY: flag.describe('Set behind a reverse proxy that ends TLS'),
  WORKER_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('Runs at once per worker process'),
  HISTORY_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Days for which history is kept in full; for ever if unset'),
  DELIVERY_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe('Days for which deliveries to webhooks and what schedules did are kept'),
  COST_LIMIT: z.coerce
    .number()
    .int()
    .min(100)
    .default(20_000)
    .describe('Highest cost of one GraphQL operation'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('How much is logged'),
})

export type Config = z.output<typeof settings>

/** Values that appear in examples and must never protect anything. */
const knownDefaults = ['change-me', 'changeme', 'secret', 'example']

/**
 * Reads the environment once. All faults are reported together, and a secret that is an example value is refused.
 *
 * @throws Error whose message lists every fault, one a line
 */
export function parseConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = settings.safeParse(given)
  const faults = result.success
    ? []
    : result.error.issues.map((issue) => {
        const name = issue.path.join('.')
        return given[name] === undefined
          ? `${name} is missing: ${describe(name)}`
          : `${name} ${issue.message}`
      })
  for (const name of ['SESSION_SECRET', 'SECRETS_KEY'] as const) {
    const value = given[name]?.toLowerCase()
    if (value && knownDefaults.some((example) => value.includes(example)))
      faults.push(`${name} is an example value; choose your own`)
  }
  if (Boolean(given.FILES_ACCESS_KEY) !== Boolean(given.FILES_SECRET_KEY))
    faults.push('FILES_ACCESS_KEY and FILES_SECRET_KEY belong together; set both of them or neither')
  if (given.SMTP_TLS === 'off' && given.SMTP_URL?.startsWith('smtps:'))
    faults.push('SMTP_TLS is off, but SMTP_URL asks for TLS; write smtp: or leave SMTP_TLS away')
  if (Boolean(given.OIDC_ISSUER) !== Boolean(given.OIDC_CLIENT_ID))
    faults.push('OIDC_ISSUER and OIDC_CLIENT_ID belong together; set both of them or neither')
  if (given.OIDC_ISSUER?.startsWith('http:') && !['true', '1'].includes(given.ALLOW_LOOPBACK_ENDPOINTS ?? ''))
    faults.push('OIDC_ISSUER must begin with https:; who could change what it says could sign in as anybody')
  if (['false', '0'].includes(given.PASSWORD_SIGN_IN ?? '') && !given.OIDC_ISSUER)
    faults.push('PASSWORD_SIGN_IN is false, but OIDC_ISSUER is missing: nobody could sign in')
  if (faults.length || !result.success)
    throw new Error(`The configuration cannot be used:\n- ${faults.join('\n- ')}`)
  return result.data
}

const describe = (name: string) => settings.shape[name as keyof typeof settings.shape]?.description ?? ''
