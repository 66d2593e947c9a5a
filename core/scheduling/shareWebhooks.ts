import { AuditAction, auditOfSession } from '../accounts/audit.ts'
import { registerShareable } from '../accounts/shareable.ts'
import { Conflict } from '../platform/errors.ts'
import { webhooksOf } from './webhook.ts'

/** Webhooks have no history, so each list is saved by itself; whoever meets a conflict may do the rest again. */
registerShareable({
  types: () => ['Webhook'],
  collection: 'webhooks',
  async save(session, edits) {
    for (const { record, access } of edits) {
      const saved = await webhooksOf(session.core).updateOne(
        { _id: record._id, version: record.version as number },
        { $set: { access, updatedAt: session.now }, $inc: { version: 1 } },
      )
      if (!saved.modifiedCount) throw new Conflict([record._id.toHexString()], ['access'])
      await auditOfSession(session, AuditAction.ACCESS_CHANGED, {
        subject: { type: 'Webhook', id: record._id, name: record.name },
        detail: `${access.length} entries`,
      })
    }
    return null
  },
})
