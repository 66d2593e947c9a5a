import { existsSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authenticate } from '../../core/accounts/authenticate.ts'
import { getUploads, maxUploadBytes, openUpload, sweepUploads } from '../../core/accounts/uploads.ts'
import { startTestApi, type TestApi } from '../testing.ts'

describe('an upload', () => {
  let api: TestApi
  let token: string
  beforeAll(async () => {
    api = await startTestApi()
    token = (await api.signUp()).token
  })
  afterAll(() => api.close())

  const announce = async (name = 'facts.json') => {
    const { data } = await api.query(create, { input: { name } }, token)
    return data.uploadCreate as {
      upload: { id: string; name: string }
      url: string
      userErrors: { code: string }[]
    }
  }
  const put = async (url: string, body: string | Uint8Array<ArrayBuffer>) => {
    const response = await fetch(`${api.url}${url}`, { method: 'PUT', body })
    const answer = (await response.json()) as {
      sizeBytes?: number
      error?: { code: string; message: string }
    }
    return { status: response.status, ...answer }
  }
  const stored = () => {
    const folder = join(api.core.config.FILES_URL, 'uploads')
    return existsSync(folder) ? readdirSync(folder) : []
  }

  it('is announced, sent once, and read again by its sender alone', async () => {
    const { upload, url } = await announce('C:\\facts\\web-1.json')
    expect(upload.name).toBe('web-1.json')
    const session = await authenticate(api.core, token)
    await expect(getUploads(session, [upload.id])).rejects.toMatchObject({ code: 'NOT_FOUND' })

    expect(await put(url, '{"ansible_facts": {}}')).toMatchObject({ status: 200, sizeBytes: 21 })
    expect(await put(url, 'something else')).toMatchObject({ error: { code: 'BAD_USER_INPUT' } })

    const [found] = await getUploads(session, [upload.id])
    expect(await text(await openUpload(api.core, found!))).toBe('{"ansible_facts": {}}')
    const stranger = await authenticate(api.core, (await api.signUp()).token)
    await expect(getUploads(stranger, [upload.id])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('goes only to the address that was given out, while it lasts', async () => {
    const { url } = await announce()
    const other = (await announce()).url
    const swapped = url.replace(/uploads\/\w+/, /uploads\/\w+/.exec(other)![0])
    expect(await put(swapped, 'x')).toMatchObject({ status: 400, error: { code: 'BAD_USER_INPUT' } })
    const longer = url.replace(/expires=\d+/, 'expires=99999999999999')
    expect(await put(longer, 'x')).toMatchObject({ status: 400, error: { code: 'BAD_USER_INPUT' } })
    expect(await put('/files/uploads/nothing', 'x')).toMatchObject({ status: 400 })
  })

  it('ends with the sign-in', async () => {
    const visitor = await api.signUp()
    const { data } = await api.query(create, { input: { name: 'a.json' } }, visitor.token)
    await api.query('mutation { sessionDelete { userErrors { code } } }', {}, visitor.token)
    expect(await put(data.uploadCreate.url, 'x')).toMatchObject({
      status: 401,
      error: { code: 'UNAUTHENTICATED' },
    })
  })

  it('keeps nothing of a file that is too large, whether or not it says so', async () => {
    const before = stored()
    const { url } = await announce()
    expect(await put(url, new Uint8Array(maxUploadBytes + 1))).toMatchObject({
      error: { code: 'BAD_USER_INPUT' },
    })
    await sendInParts((await announce()).url, maxUploadBytes + 1)
    await expect.poll(stored).toEqual(before)
    expect(await put(url, 'small')).toMatchObject({ status: 200, sizeBytes: 5 })
  })

  it('keeps nothing of a file that breaks off, and takes it again', async () => {
    const before = stored()
    const { url } = await announce()
    await new Promise<void>((resolve) => {
      const broken = request(`${api.url}${url}`, { method: 'PUT', headers: { 'content-length': 1000 } })
      broken.on('error', () => resolve())
      broken.write('only a part')
      setTimeout(() => broken.destroy(), 100)
    })
    await expect.poll(stored).toEqual(before)
    expect(await put(url, 'all of it')).toMatchObject({ status: 200, sizeBytes: 9 })
  })

  it.each(['', '..', '/', 'a\nb', 'x'.repeat(201)])('cannot be called %j', async (name) => {
    const { upload, userErrors } = await announce(name)
    expect(upload).toBeNull()
    expect(userErrors).toHaveLength(1)
  })

  it('that never came is forgotten after a day', async () => {
    await announce()
    const uploads = api.core.db.collection('uploads')
    const waiting = await uploads.countDocuments({ receivedAt: null })
    expect(await sweepUploads(api.core)).toBe(0)
    await uploads.updateMany({}, { $set: { createdAt: new Date(Date.now() - 25 * 3600 * 1000) } })
    expect(await sweepUploads(api.core)).toBe(waiting)
    expect(await uploads.countDocuments()).toBeGreaterThan(0)
  })

  const sendInParts = (url: string, bytes: number) =>
    new Promise<void>((resolve) => {
      const sending = request(`${api.url}${url}`, { method: 'PUT' }, (response) =>
        response.resume().on('end', resolve),
      )
      sending.on('error', () => resolve())
      const part = Buffer.alloc(1024 * 1024)
      for (let sent = 0; sent < bytes; sent += part.length) sending.write(part)
      sending.end()
    })
})

const create = `mutation ($input: UploadCreateInput!) {
  uploadCreate(input: $input) { url upload { id name sizeBytes createdAt } userErrors { code field message } }
}`
