import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { BadInput, fault, NotFound, Unauthenticated } from '../platform/errors.ts'
import { tooLarge } from '../platform/files/store.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { isSigned, sign } from '../platform/signing.ts'
import { holderOf, sessionOfHolder } from './authenticate.ts'
import type { CallerSession } from './caller.ts'
import { Upload } from './upload.ts'

export const maxUploadBytes = 25 * 1024 * 1024
const urlMinutes = 10

/** Announces a file. The URL takes its bytes for ten minutes, as long as the sign-in or token lasts. */
export async function createUpload(session: CallerSession, input: { name: string }) {
  const name = posix.basename(input.name.replaceAll('\\', '/')).trim()
  if (!name || /^\.+$/.test(name) || /\p{Cc}/u.test(name))
    throw fault('INVALID', 'name', 'This is not the name of a file.')
  if (name.length > 200) throw fault('TOO_LONG', 'name', "A file's name may have at most 200 characters.")
  const upload = session.em.create(Upload, { name, owner: ownerOf(session) })
  await session.em.persist(upload).flush()
  return { upload, url: urlOf(session, upload._id) }
}

/** Takes the bytes that belong to an URL of `createUpload`; a transfer that breaks off may be sent again. */
export async function receiveUpload(
  core: Core,
  signed: { id: string; holder: string; expires: string; signature: string },
  content: Readable,
  announcedBytes?: number,
): Promise<Upload> {
  const { id, holder, expires, signature } = signed
  if (!isSigned(core.config, 'upload-url', `${id}.${holder}.${expires}`, signature))
    throw new BadInput('This is not an upload address. Take the url from uploadCreate as it is.')
  if (Date.now() > Number(expires))
    throw new Unauthenticated('This upload address has run out. Nothing was kept; start the upload again.')
  const session = await sessionOfHolder(core, holder)
  const upload = await session.em.findOne(Upload, {
    _id: new ObjectId(id),
    owner: ownerOf(session),
  })
  if (!upload) throw new NotFound('upload')
  if (upload.receivedAt)
    throw fault('CONFLICT', null, 'This file has already arrived. Start another upload to send a new one.')
  if ((announcedBytes ?? 0) > maxUploadBytes) throw tooLarge(maxUploadBytes)
  upload.sizeBytes = await core.files.write(upload.path, content, maxUploadBytes)
  upload.receivedAt = new Date()
  await session.em.flush()
  return upload
}

/**
 * Uploads in the order of their ids; only those that have arrived and that the actor sent.
 *
 * @throws NotFound for any other
 */
export async function getUploads(session: Session, ids: string[]): Promise<Upload[]> {
  return loadUploads(
    session,
    ids.map((id) => decodeId(id, 'Upload').id),
  )
}

/** The same by stored ids; Maestro's own session reads everybody's. */
export async function loadUploads(session: Session, ids: ObjectId[]): Promise<Upload[]> {
  const mine = session.actor.type === 'SYSTEM' ? {} : { owner: ownerOf(session as CallerSession) }
  const found = await session.em.find(Upload, { _id: { $in: ids }, receivedAt: { $ne: null }, ...mine })
  const byId = new Map(found.map((upload) => [upload._id.toHexString(), upload]))
  return ids.map((id) => {
    const upload = byId.get(id.toHexString())
    if (!upload) throw new NotFound('upload')
    return upload
  })
}

export const openUpload = (core: Core, upload: Upload): Promise<Readable> => core.files.read(upload.path)

/** Removes what was announced a day ago and never arrived. */
export const sweepUploads = (core: Core): Promise<number> =>
  core.orm.em
    .fork()
    .nativeDelete(Upload, { receivedAt: null, createdAt: { $lt: new Date(Date.now() - 24 * 3600 * 1000) } })

/** The person, also where a token of theirs sends it; else the team whose token it is. */
const ownerOf = ({ caller }: CallerSession): ObjectId => caller.user?._id ?? caller.confinedTo!

function urlOf(session: CallerSession, upload: ObjectId): string {
  const expires = Date.now() + urlMinutes * 60_000
  const id = upload.toHexString()
  const holder = holderOf(session)
  const signature = sign(session.core.config, 'upload-url', `${id}.${holder}.${expires}`)
  return `/files/uploads/${id}?${new URLSearchParams({ holder, expires: String(expires), signature })}`
}

/** Those that have arrived, for whoever may see what reads them. */
export const findUploadsById = (session: Session, ids: ObjectId[]): Promise<Upload[]> =>
  session.em.find(Upload, { _id: { $in: ids }, receivedAt: { $ne: null } })
