import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  animatedGif,
  picture,
  pngBomb,
  svgWithScript,
  telltaleJpeg,
} from '../../core/accounts/testing/pictures.ts'
import { authenticate } from '../../core/accounts/authenticate.ts'
import { dropAvatar, keepAvatar } from '../../core/accounts/avatars.ts'
import { fileUrl } from '../../core/accounts/fileUrls.ts'
import { getUploads, openUpload } from '../../core/accounts/uploads.ts'
import { type S3, s3Keys, startS3 } from '../../dev/testing/s3.ts'
import { startTestApi, type TestApi } from '../testing.ts'

const minutes = 60_000

/** What a browser or script does, with the API and its store. */
const visitor = (api: TestApi, token: string) => ({
  session: () => authenticate(api.core, token),
  async send(content: Buffer, name = 'me.png'): Promise<string> {
    const { data } = await api.query(
      'mutation ($name: String!) { uploadCreate(input: { name: $name }) { url upload { id } } }',
      { name },
      token,
    )
    const sent = await fetch(`${api.url}${data.uploadCreate.url}`, {
      method: 'PUT',
      body: new Uint8Array(content),
    })
    expect(sent.status).toBe(200)
    return data.uploadCreate.upload.id
  },
  async keep(content: Buffer): Promise<string> {
    return keepAvatar(await this.session(), await this.send(content))
  },
})

const get = (api: TestApi, path: string) => fetch(`${api.url}${path}`)

/** As it is written: fetch would tidy it up first. */
const rawGet = (api: TestApi, path: string) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(api.url)
    request({ hostname, port, path }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode!, body }))
    })
      .on('error', reject)
      .end()
  })

describe.each(['a folder', 'an S3 store'])('an avatar in %s', (store) => {
  let api: TestApi
  let s3: S3 | undefined
  let ada: ReturnType<typeof visitor>
  beforeAll(async () => {
    if (store === 'an S3 store') s3 = await startS3()
    const settings = s3 && {
      FILES_URL: s3.url(),
      FILES_ACCESS_KEY: s3Keys.accessKeyId,
      FILES_SECRET_KEY: s3Keys.secretAccessKey,
    }
    api = await startTestApi({ settings })
    ada = visitor(api, (await api.signUp()).token)
  })
  afterAll(async () => {
    await api.close()
    await s3?.close()
  })

  it('is sent, drawn anew and shown, and the file that was sent is gone', async () => {
    const upload = await ada.send(await telltaleJpeg())
    const session = await ada.session()
    const [raw] = await getUploads(session, [upload])
    const key = await keepAvatar(session, upload)
    expect(key).toMatch(/^avatars\/[0-9a-f]{32}$/)

    const shown = await get(api, fileUrl(session, key))
    expect(shown.status).toBe(200)
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': expect.stringMatching(/^private, max-age=[1-9]\d\d$/),
    })
    const content = Buffer.from(await shown.arrayBuffer())
    expect(content.includes('At home')).toBe(false)
    expect(await sharp(content).metadata()).toMatchObject({ format: 'webp', width: 256, height: 256 })

    await expect(keepAvatar(session, upload)).rejects.toMatchObject({
      faults: [{ code: 'NOT_FOUND', field: ['avatar'] }],
    })
    await expect(openUpload(api.core, raw!)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is gone once it is dropped', async () => {
    const key = await ada.keep(await picture('png'))
    const url = fileUrl(await ada.session(), key)
    expect((await get(api, url)).status).toBe(200)
    await dropAvatar(api.core, key)
    await dropAvatar(api.core, null)
    const answer = await get(api, url)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'NOT_FOUND', requestId: expect.anything() } })
  })

  it('is not made of what is no picture, and nothing of it is kept', async () => {
    const avatars = () =>
      (s3?.stored() ?? readdirSync(api.core.config.FILES_URL, { recursive: true, encoding: 'utf8' })).filter(
        (name) => /\b[0-9a-f]{32}\b/.test(name),
      ).length
    await ada.keep(await picture('gif'))
    const before = avatars()
    expect(before).toBeGreaterThan(0)
    for (const content of [
      svgWithScript,
      pngBomb(30_000, 30_000),
      (await picture('jpeg')).subarray(0, 3000),
      Buffer.from('<!doctype html><script>alert(1)</script>'),
    ])
      await expect(ada.keep(content)).rejects.toMatchObject({
        faults: [{ code: 'INVALID', field: ['avatar'] }],
      })
    await expect(
      ada.keep(Buffer.concat([await picture('jpeg'), Buffer.alloc(5 * 1024 * 1024)])),
    ).rejects.toMatchObject({ faults: [{ code: 'TOO_LONG' }] })
    expect(avatars()).toBe(before)
    expect(await ada.keep(await animatedGif())).toMatch(/^avatars/)
  })

  it("is not made of somebody else's upload, and lies where it should whatever the file was called", async () => {
    const upload = await ada.send(await picture('png'), '../../etc/x.png')
    const bob = visitor(api, (await api.signUp('Bob Marsh')).token)
    const refusal = { faults: [{ code: 'NOT_FOUND', field: ['avatar'] }] }
    await expect(keepAvatar(await bob.session(), upload)).rejects.toMatchObject(refusal)
    expect(await keepAvatar(await ada.session(), upload)).toMatch(/^avatars/)
  })
})

describe('the address of a file', () => {
  let api: TestApi
  let ada: ReturnType<typeof visitor>
  let key: string
  beforeAll(async () => {
    api = await startTestApi()
    ada = visitor(api, (await api.signUp()).token)
    key = await ada.keep(await picture('png'))
  })
  afterAll(() => api.close())

  const refusal = async (path: string) => {
    const answer = await get(api, path)
    return { status: answer.status, ...((await answer.json()) as { error: { code: string } }) }
  }

  it('stays the same for a while, and is good for ten minutes at least', async () => {
    const session = await ada.session()
    const start = Math.ceil(Date.now() / (5 * minutes)) * 5 * minutes
    const at = (ms: number) => fileUrl({ ...session, now: new Date(start + ms) }, key)
    expect(at(5 * minutes)).toBe(at(1))
    expect(at(5 * minutes + 1)).not.toBe(at(1))
    for (const ms of [0, 1, 4.9 * minutes]) {
      const left = Number(/expires=(\d+)/.exec(at(ms))![1]) - (start + ms)
      expect(left).toBeGreaterThanOrEqual(10 * minutes)
      expect(left).toBeLessThanOrEqual(15 * minutes)
    }
  })

  it('runs out', async () => {
    const then = new Date(Date.now() - 15 * minutes - 1)
    const old = fileUrl({ ...(await ada.session()), now: then }, key)
    expect(await refusal(old)).toMatchObject({ status: 401, error: { code: 'UNAUTHENTICATED' } })
    const longer = old.replace(/expires=\d+/, `expires=${Date.now() + minutes}`)
    expect(await refusal(longer)).toMatchObject({ status: 400, error: { code: 'BAD_USER_INPUT' } })
  })

  it('is good for one file and one sign-in, and only as it was made', async () => {
    const url = fileUrl(await ada.session(), key)
    expect((await get(api, url)).status).toBe(200)
    const bob = visitor(api, (await api.signUp('Bob Marsh')).token)
    const bobs = fileUrl(await bob.session(), key)
    const holderOf = (path: string) => /holder=[\w-]+/.exec(path)![0]
    expect(holderOf(bobs)).not.toBe(holderOf(url))
    const other = await ada.keep(await picture('webp'))
    for (const changed of [
      url.replace(/holder=[\w-]+/, holderOf(bobs)),
      url.replace(key, other),
      url.replace(key, `${key}0`),
      url.replace(/signature=./, (found) => (found.endsWith('A') ? 'signature=B' : 'signature=A')),
      url.replace(/&signature=.*/, ''),
      url.replace(/\?.*/, ''),
      `${url}&signature=x`,
      `${url}&holder=${holderOf(bobs)}`,
    ]) {
      expect(changed).not.toBe(url)
      expect(await refusal(changed), changed).toMatchObject({
        status: 400,
        error: { code: 'BAD_USER_INPUT' },
      })
    }
  })

  it('does not open what was signed for sending a file', async () => {
    const { data } = await api.query(
      'mutation { uploadCreate(input: { name: "a.png" }) { url } }',
      {},
      (await api.signUp()).token,
    )
    expect(await refusal(data.uploadCreate.url)).toMatchObject({ status: 400 })
  })

  it('ends with the sign-in', async () => {
    const { token } = await api.signUp()
    const url = fileUrl(await visitor(api, token).session(), key)
    expect((await get(api, url)).status).toBe(200)
    await api.query('mutation { sessionDelete { userErrors { code } } }', {}, token)
    expect(await refusal(url)).toMatchObject({ status: 401, error: { code: 'UNAUTHENTICATED' } })
  })

  it('of anything but an avatar makes the browser save it', async () => {
    const session = await ada.session()
    const [upload] = await getUploads(session, [await ada.send(svgWithScript, 'evil.svg')])
    const answer = await get(api, fileUrl(session, upload!.path))
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(await answer.text()).toBe(svgWithScript.toString())
  })

  it.each([
    '/files/../../../../etc/passwd',
    '/files/avatars/../../../../../etc/passwd',
    '/files/avatars/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/files/avatars%2f..%2f..%2f..%2fetc%2fpasswd',
    '/files/..%2f..%2fetc%2fpasswd',
    '/files/%2fetc%2fpasswd',
    '/files//etc/passwd',
    '/files/avatars/a%00.webp',
    '/files/avatars/%',
    '/files/avatars/%c0%ae%c0%ae/etc/passwd',
    '/files/avatars/\u002e\u002e\\..\\etc\\passwd',
    '/files/avatars/%ef%bc%8e%ef%bc%8e/etc/passwd',
    '/files/avatars/a%0a',
    '/files/avatars',
    '/files/',
    `/files/${'a/'.repeat(2000)}a`,
  ])('does not lead to %s', async (path) => {
    for (const search of ['', new URL(fileUrl(await ada.session(), key), api.url).search]) {
      const { status, body } = await rawGet(api, `${path}${search}`)
      expect([400, 404]).toContain(status)
      expect(body).not.toContain('root:')
      expect(JSON.parse(body)).toMatchObject({ error: { code: 'BAD_USER_INPUT' } })
    }
  })

  it('leads nowhere even when it is signed for a file outside of the store', async () => {
    const session = await ada.session()
    for (const outside of ['../../../etc/passwd', '/etc/passwd', 'avatars/../../../etc/passwd', 'a\0b'])
      expect([400, 404]).toContain((await rawGet(api, encodeURI(fileUrl(session, outside)))).status)
  })
})

describe('while the file store is away', () => {
  let api: TestApi
  let s3: S3
  beforeAll(async () => {
    s3 = await startS3()
    api = await startTestApi({
      settings: {
        FILES_URL: s3.url(),
        FILES_ACCESS_KEY: s3Keys.accessKeyId,
        FILES_SECRET_KEY: s3Keys.secretAccessKey,
      },
    })
  })
  afterAll(async () => {
    await api.close()
    await s3.close()
  })

  it('everything says so, and an upload can be sent again later', async () => {
    const { token } = await api.signUp()
    const ada = visitor(api, token)
    const upload = await ada.send(await picture('png'))
    const key = await ada.keep(await picture('png'))
    const { data } = await api.query('mutation { uploadCreate(input: { name: "a.png" }) { url } }', {}, token)
    await s3.stop()

    const away = { error: { code: 'UNAVAILABLE', message: expect.stringContaining('file store') } }
    for (const body of [new Uint8Array(10), new Uint8Array(12 * 1024 * 1024)]) {
      const sent = await fetch(`${api.url}${data.uploadCreate.url}`, { method: 'PUT', body })
      expect(sent.status).toBe(503)
      expect(await sent.json()).toMatchObject(away)
    }
    const shown = await get(api, fileUrl(await ada.session(), key))
    expect(shown.status).toBe(503)
    expect(shown.headers.get('cache-control')).toBe('no-store')
    expect(await shown.json()).toMatchObject(away)
    await expect(keepAvatar(await ada.session(), upload)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await dropAvatar(api.core, key)
    expect((await api.query('{ installation { version } }')).data.installation.version).toBeTruthy()

    await s3.start()
    const sent = await fetch(`${api.url}${data.uploadCreate.url}`, {
      method: 'PUT',
      body: new Uint8Array(10),
    })
    expect(sent.status).toBe(200)
    expect(await keepAvatar(await ada.session(), upload)).toMatch(/^avatars/)
  })
})
