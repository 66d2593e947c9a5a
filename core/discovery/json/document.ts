import { UnreadableFile } from '../files/unreadable.ts'

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The things that a document lists under a name; none where it has no such list.
 *
 * @throws UnreadableFile when it is no document
 */
export function thingsIn(text: string, name: string): unknown[] {
  const document = parse(text)
  if (!isObject(document)) throw new UnreadableFile('It is JSON, but not an object with lists of things.')
  const list = document[name] ?? []
  if (!Array.isArray(list)) throw new UnreadableFile(`Its "${name}" are not a list.`)
  return list
}

function parse(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '').trim()
  if (!json) throw new UnreadableFile('It is empty.')
  try {
    return JSON.parse(json) as unknown
  } catch (error) {
    throw new UnreadableFile(`It is not JSON: ${(error as Error).message.slice(0, 200)}.`)
  }
}
