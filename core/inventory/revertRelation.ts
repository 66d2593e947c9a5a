import { isDeepStrictEqual } from 'node:util'
import type { Document } from 'mongodb'
import type { Change, Fields } from '../history/records.ts'
import { putBack, type Reverted } from './revertAsset.ts'

/**
 * A relation without what a change did to it. One that the change began ends, one that it ended holds again, unless
 * another of the same kind holds between the two by now.
 */
export function revertRelation(current: Document, change: Change, now: Date, holdsAgain: boolean): Reverted {
  const properties = { ...(current.properties as Fields) }
  const said = (fields: Fields | null) => (fields?.properties ?? {}) as Fields
  if (!change.before) {
    if (current.validTo) return { fields: {}, kept: [] }
    return isDeepStrictEqual(properties, said(change.after))
      ? { fields: { validTo: now }, kept: [] }
      : { fields: {}, kept: ['properties'] }
  }
  const kept: string[] = []
  const fields: Fields = {}
  const touches = (field: string) => field in change.before! || field in change.after
  if (touches('properties') && putBack(properties, said(change.before), said(change.after)).length)
    kept.push('properties')
  if (touches('properties')) fields.properties = properties
  if (touches('validTo')) {
    const ended = change.after.validTo as Date | undefined
    if (ended && isDeepStrictEqual(current.validTo, ended)) {
      if (holdsAgain) kept.push('validTo')
      else fields.validTo = null
    } else if (!ended && !current.validTo) fields.validTo = now
  }
  return { fields, kept }
}

/** Whether taking the change back would make an ended relation hold again. */
export const wouldHold = (current: Document, { before, after }: Change) =>
  before !== null && after.validTo !== undefined && isDeepStrictEqual(current.validTo, after.validTo)
