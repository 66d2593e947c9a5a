import type { ObjectId } from 'mongodb'
import { registerEnumType } from 'type-graphql'
import type { Fields } from '../history/records.ts'

export enum ObservationState {
  PRESENT = 'PRESENT',
  MISSING = 'MISSING',
  GONE = 'GONE',
}
registerEnumType(ObservationState, {
  name: 'ObservationState',
  description: 'Whether a source still reports an asset.',
  valuesConfig: {
    PRESENT: { description: 'The last complete listing contained it.' },
    MISSING: { description: 'One complete listing did not contain it.' },
    GONE: { description: 'The source said that it ended, or two complete listings did not contain it.' },
  },
})

/** What one source says of an asset; written by reconciliation only, and only when it changes. */
export interface Observed {
  /** Connection, region and resource that are listed as one. */
  scope: string
  connection: ObjectId
  region: string | null
  resource: string
  externalId: string
  state: ObservationState
  /** When the source began to say this. */
  changedAt: Date
  run: ObjectId
  checksum: string
  /** Values by fact; a fact that is absent is not reported. */
  values: Fields
  /** Ids under which things would appear that it refers to, but that are not there yet. */
  awaits?: ObjectId[]
}
