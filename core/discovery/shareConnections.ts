import { AuditAction, auditOfSession } from '../accounts/audit.ts'
import { registerShareable } from '../accounts/shareable.ts'
import { Conflict } from '../platform/errors.ts'
import { setAccessOfRuns } from '../runs/access.ts'
import { connectionsOf } from './connection.ts'

/**
 * A connection's list is also the template for what it discovers from now on, and its runs follow it. Connections have
 * no history, so each list is saved by itself; whoever meets a conflict may do the rest again.
 */
registerShareable({
  types: () => ['Connection'],
  collection: 'connections',
  async save(session, edits) {
    for (const { record, access } of edits) {
      const saved = await connectionsOf(session.core).updateOne(
        { _id: record._id, version: record.version as number },
        { $set: { access, updatedAt: session.now }, $inc: { version: 1 } },
      )
      if (!saved.modifiedCount) throw new Conflict([record._id.toHexString()], ['access'])
      await setAccessOfRuns(session.core, record._id, access)
      await auditOfSession(session, AuditAction.ACCESS_CHANGED, {
        subject: { type: 'Connection', id: record._id, name: record.name },
        detail: `${access.length} entries`,
      })
    }
    return null
  },
})
