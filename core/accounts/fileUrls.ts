import type { Readable } from 'node:stream'
import type { Core } from '../platform/core.ts'
import { BadInput, Unauthenticated } from '../platform/errors.ts'
import { isKey } from '../platform/files/store.ts'
import { isSigned, sign } from '../platform/signing.ts'
import { holderOf, sessionOfHolder } from './authenticate.ts'
import type { CallerSession } from './caller.ts'

const minutes = 60_000

/** A URL is good for ten minutes at least. */
const lifeMs = 10 * minutes
/** It stays the same for so long, so that browsers load the file once. */
const sameMs = 5 * minutes

/** Path on this server to a file of the store, for whoever may see what it belongs to; good for this sign-in or token alone. */
export function fileUrl(session: CallerSession, key: string): string {
  const expires = String(Math.ceil((session.now.getTime() + lifeMs) / sameMs) * sameMs)
  const holder = holderOf(session)
  const signature = sign(session.core.config, 'file-url', signedText(key, holder, expires))
  return `/files/${key}?${new URLSearchParams({ holder, expires, signature })}`
}

export interface OpenedFile {
  content: Readable
  /** Null for what a browser should not show. */
  type: string | null
  /** How long the URL still lasts. */
  seconds: number
}

/**
 * The file of a URL of {@link fileUrl}, while the URL and the sign-in last.
 *
 * @throws BadInput when the URL is not exactly as it was made
 * @throws Unauthenticated when it or the sign-in has run out
 */
export async function openFile(
  core: Core,
  url: { key: string; holder: string; expires: string; signature: string },
): Promise<OpenedFile> {
  const { key, holder, expires, signature } = url
  if (!isKey(key) || !isSigned(core.config, 'file-url', signedText(key, holder, expires), signature))
    throw new BadInput('This is not the address of a file. Ask for a new one.')
  const leftMs = Number(expires) - Date.now()
  if (leftMs <= 0) throw new Unauthenticated('This address has run out. Ask for a new one.')
  await sessionOfHolder(core, holder)
  return {
    content: await core.files.read(key),
    type: key.startsWith('avatars/') ? 'image/webp' : null,
    seconds: Math.floor(leftMs / 1000),
  }
}

const signedText = (key: string, holder: string, expires: string) => `${key}.${holder}.${expires}`
