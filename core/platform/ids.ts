import { createHash } from 'node:crypto'
import { ObjectId } from 'mongodb'
import { BadInput } from './errors.ts'

/** Opaque id of the API: base64url of type and object id, so that an id of the wrong type is noticed. */
export const encodeId = (type: string, id: ObjectId) =>
  Buffer.from(`${type}:${id.toHexString()}`).toString('base64url')

/** @throws BadInput when the id is not one of ours, or is of none of the expected types */
export function decodeId(id: string, ...expected: string[]): { type: string; id: ObjectId } {
  const match = /^([A-Za-z]+):([0-9a-f]{24})$/.exec(Buffer.from(id, 'base64url').toString())
  if (!match)
    throw new BadInput(
      `"${id.slice(0, 80)}" is not an id of this inventory. Take ids from the API's own answers.`,
    )
  const type = match[1]!
  if (expected.length && !expected.includes(type))
    throw new BadInput(`"${id}" is the id of a ${type}; a ${expected.join(' or ')} is expected here.`)
  return { type, id: new ObjectId(match[2]!) }
}

/**
 * Id that follows from what a thing is. Two crawlers that meet the same thing at the same moment derive the same
 * id, so the write path's lock keeps them from creating it twice.
 */
export const derivedId = (...parts: string[]) =>
  new ObjectId(createHash('sha256').update(parts.join('\0')).digest().subarray(0, 12))
