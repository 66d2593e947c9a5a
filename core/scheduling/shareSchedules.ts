import { AuditAction, auditOfSession } from '../accounts/audit.ts'
import { registerShareable } from '../accounts/shareable.ts'
import { Conflict } from '../platform/errors.ts'
import { ownSchedulesOf } from './ownSchedule.ts'

/** As with webhooks, each list is saved by itself. */
registerShareable({
  types: () => ['OwnSchedule'],
  collection: 'ownSchedules',
  async save(session, edits) {
    for (const { record, access } of edits) {
      const saved = await ownSchedulesOf(session.core).updateOne(
        { _id: record._id, version: record.version as number },
        { $set: { access, updatedAt: session.now }, $inc: { version: 1 } },
      )
      if (!saved.modifiedCount) throw new Conflict([record._id.toHexString()], ['access'])
      await auditOfSession(session, AuditAction.ACCESS_CHANGED, {
        subject: { type: 'OwnSchedule', id: record._id, name: record.name },
        detail: `${access.length} entries`,
      })
    }
    return null
  },
})
