import type { Readable } from 'node:stream'
import sharp from 'sharp'
import { fault } from '../platform/errors.ts'

const maxBytes = 5 * 1024 * 1024
const maxPixels = 40_000_000
const edge = 256
/** Longest time for the decoding of one picture, which nobody has to be able to lengthen. */
const maxSeconds = 10

// No picture comes twice, and the cache would hold what is decoded of the last ones.
sharp.cache(false)

/** How files of the four kinds begin that are decoded at all; what else the decoder knows, such as SVG, never reaches it. */
const beginnings = ['\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'GIF87a', 'GIF89a', 'RIFF????WEBP']

/**
 * The picture anew: 256 × 256 WebP, upright, without anything that the file held besides. What it is, its content says;
 * of an animation the first frame stays.
 *
 * @throws UserFault for `avatar` when it is none of JPEG, PNG, GIF and WebP, is damaged or is too large
 */
export async function reencodeImage(content: Readable | Buffer): Promise<Buffer> {
  const bytes = await bytesOf(content)
  // A RIFF has its length where the beginning of a WebP has question marks.
  const beginning = bytes.toString('latin1', 0, 16).replace(/^(RIFF)[^]{4}/, '$1????')
  if (!beginnings.some((known) => beginning.startsWith(known)))
    throw fault(
      'INVALID',
      'avatar',
      'This is not a picture that can be used. Choose a JPEG, PNG, GIF or WebP.',
    )
  const { width, height } = await decoding(() => sharp(bytes, { limitInputPixels: false }).metadata())
  if (width * height > maxPixels)
    throw fault(
      'INVALID',
      'avatar',
      `The picture has ${width} × ${height} pixels; at most 40 million altogether are possible. Make it smaller first.`,
    )
  return inTurn(() =>
    sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' })
      .timeout({ seconds: maxSeconds })
      .autoOrient()
      .resize(edge, edge, { fit: 'cover' })
      .webp({ quality: 85 })
      .toBuffer(),
  )
}

async function bytesOf(content: Readable | Buffer): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
    bytes += (chunk as Buffer).length
    if (bytes > maxBytes) throw fault('TOO_LONG', 'avatar', 'A picture may have at most 5 MiB.')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

let last: Promise<unknown> = Promise.resolve()

/** A large picture takes some hundred megabytes while it is drawn, so each waits for the one before. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(
    () => decoding(work),
    () => decoding(work),
  )
  last = turn
  return turn
}

async function decoding<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    throw fault(
      'INVALID',
      'avatar',
      'The picture is damaged or not complete. Save it anew, or choose another one.',
    )
  }
}
