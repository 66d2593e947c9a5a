import type { ObjectId } from 'mongodb'
import type { Step } from '../commit.ts'
import { ChangeAction, type Fields } from '../records.ts'

const about = { collection: 'assets' as const, recordKind: 'SERVER' }

/** Brings a bare record into being. */
export const createStep = (record: ObjectId, fields: Fields): Step => ({
  ...about,
  record,
  subject: record,
  version: 0,
  action: ChangeAction.CREATED,
  before: null,
  after: fields,
})

/** Gives a record another role. */
export const roleStep = (record: ObjectId, version: number, role: string, before: Fields = {}): Step => ({
  ...about,
  record,
  subject: record,
  version,
  action: ChangeAction.CHANGED,
  before,
  after: { role },
})
