import { pino } from 'pino'

export type Log = pino.Logger

/** Credentials never reach a log, whatever object they travel in. */
const redact = [
  'password',
  'secret',
  'secretAccessKey',
  'accessToken',
  'settings',
  '*.password',
  '*.secret',
  '*.secretAccessKey',
  '*.accessToken',
  'headers.authorization',
  'headers.cookie',
]

export const createLog = (process: string, level: string): Log =>
  pino(
    { name: process, level, redact, base: { process }, serializers: { error: pino.stdSerializers.err } },
    pino.destination(2),
  )
