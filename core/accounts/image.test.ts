import { Readable } from 'node:stream'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { reencodeImage } from './image.ts'
import { animatedGif, picture, pngBomb, svgWithScript, telltaleJpeg } from './testing/pictures.ts'

const refused = (code: string, text = '') => ({
  faults: [{ code, field: ['avatar'], message: expect.stringContaining(text) }],
})

const colourAt = async (image: Buffer, left: number, top: number) => {
  const [red, green, blue] = await sharp(image)
    .extract({ left, top, width: 1, height: 1 })
    .removeAlpha()
    .raw()
    .toBuffer()
  return red! > 200 && blue! < 80 ? 'red' : blue! > 200 && red! < 80 ? 'blue' : `${red} ${green} ${blue}`
}

describe('a picture', () => {
  it.each(['jpeg', 'png', 'gif', 'webp'] as const)(
    'that is a %s becomes a small square WebP',
    async (format) => {
      const again = await reencodeImage(Readable.from([await picture(format)]))
      expect(await sharp(again).metadata()).toMatchObject({ format: 'webp', width: 256, height: 256 })
    },
  )

  it('loses what it tells about its owner, and stands upright', async () => {
    const given = await telltaleJpeg()
    const before = await sharp(given).metadata()
    expect(before).toMatchObject({ orientation: 6, exif: expect.anything(), xmp: expect.anything() })
    expect(given.includes('At home')).toBe(true)

    const again = await reencodeImage(given)
    const after = await sharp(again).metadata()
    for (const kind of ['exif', 'xmp', 'iptc', 'icc', 'orientation', 'comments'] as const)
      expect(after[kind], kind).toBeUndefined()
    expect(again.includes('At home')).toBe(false)
    expect([await colourAt(again, 128, 20), await colourAt(again, 128, 236)]).toEqual(['blue', 'red'])
  })

  it('that moves stands still at its first frame', async () => {
    const given = await animatedGif()
    expect((await sharp(given).metadata()).pages).toBe(2)
    const again = await reencodeImage(given)
    expect((await sharp(again).metadata()).pages ?? 1).toBe(1)
    expect(await colourAt(again, 128, 128)).toBe('red')
  })

  it('that is also a page or an archive is only a picture afterwards', async () => {
    const payload = '<script>alert(document.domain)</script>'
    for (const given of [
      Buffer.concat([await picture('jpeg'), Buffer.from(payload)]),
      Buffer.concat([await picture('png'), Buffer.from(`PK\x03\x04${payload}`)]),
      await sharp(await picture('jpeg'))
        .withExif({ IFD0: { ImageDescription: payload } })
        .jpeg()
        .toBuffer(),
    ]) {
      expect(given.includes(payload)).toBe(true)
      const again = await reencodeImage(given)
      expect(again.includes(payload)).toBe(false)
      expect((await sharp(again).metadata()).format).toBe('webp')
    }
  })

  const others: [string, Buffer][] = [
    ['an SVG with a script', svgWithScript],
    ['an SVG after white space', Buffer.concat([Buffer.from(' \n\n'), svgWithScript])],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a PDF', Buffer.from('%PDF-1.7\n')],
    ['nothing', Buffer.alloc(0)],
    ['a TIFF', Buffer.from('II*\0\x08\0\0\0', 'latin1')],
    ['another RIFF', Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1')],
  ]
  it.each(others)('is not %s', async (_name, content) => {
    await expect(reencodeImage(content)).rejects.toMatchObject(refused('INVALID', 'JPEG, PNG, GIF or WebP'))
  })

  it.each([0.2, 0.5, 0.95])('is not one of which only %d is there', async (part) => {
    const whole = await picture('jpeg')
    const cut = whole.subarray(0, Math.floor(whole.length * part))
    await expect(reencodeImage(cut)).rejects.toMatchObject(refused('INVALID', 'damaged'))
  })

  it.each([
    ['a page that begins like a GIF', Buffer.from('GIF89a/*<script>*/=1;alert(1)//')],
    [
      'a PNG of which only the beginning is right',
      Buffer.from('\x89PNG\r\n\x1a\n<svg onload=alert(1)>', 'latin1'),
    ],
    ['an empty WebP', Buffer.from('RIFF\x04\0\0\0WEBP', 'latin1')],
  ])('is not %s', async (_name, content) => {
    await expect(reencodeImage(content)).rejects.toMatchObject(refused('INVALID', 'damaged'))
  })

  it.each([
    [30_000, 30_000],
    [2_147_483_647, 1],
    [40_000_001, 1],
  ])('of %i × %i pixels is refused before it is drawn', async (width, height) => {
    const began = process.memoryUsage().rss
    await expect(reencodeImage(pngBomb(width, height))).rejects.toMatchObject(refused('INVALID'))
    expect(process.memoryUsage().rss - began).toBeLessThan(100 * 1024 * 1024)
  })

  it('says how large a picture may be', async () => {
    await expect(reencodeImage(pngBomb(30_000, 30_000))).rejects.toMatchObject(
      refused('INVALID', '30000 × 30000 pixels'),
    )
    const large = Readable.from([await picture('jpeg'), Buffer.alloc(5 * 1024 * 1024)])
    await expect(reencodeImage(large)).rejects.toMatchObject(refused('TOO_LONG', '5 MiB'))
    expect(large.destroyed).toBe(true)
  })

  it('that cannot be read is not called damaged', async () => {
    const broken = new Readable({ read: () => undefined })
    broken.destroy(new Error('The store is away.'))
    await expect(reencodeImage(broken)).rejects.toThrow('The store is away.')
  })
})
