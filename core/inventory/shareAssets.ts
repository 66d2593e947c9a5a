import { registerShareable } from '../accounts/shareable.ts'
import { commit } from '../history/commit.ts'
import { ChangeOrigin } from '../history/records.ts'
import { difference } from '../history/step.ts'
import { allKinds } from './kinds.ts'

/** Who may see and change an asset is part of its history, and can be undone like any other change. */
registerShareable({
  types: () => allKinds().map((kind) => kind.typeName),
  collection: 'assets',
  async save(session, edits, title) {
    const steps = edits
      .map(({ record, access }) =>
        difference(record, { collection: 'assets', recordKind: record.kind as string }, { access }),
      )
      .filter((step) => step !== null)
    const set = await commit(session, { title, origin: ChangeOrigin.MANUAL }, steps)
    return set?._id ?? null
  },
})
