import type { Db } from 'mongodb'

/** Collections whose records have access lists. */
const shared = ['assets', 'connections', 'runs']

/**
 * Brings what an earlier version has stored into the present form; harmless when there is nothing to do. Version 0.1.0
 * named principals by text, `user:` and an id, which lists compare without case and with numbers in order.
 */
export async function upgradeStored(db: Db): Promise<void> {
  for (const name of shared)
    await db.collection(name).updateMany({ 'access.principal': { $type: 'string' } }, [
      {
        $set: {
          access: {
            $map: {
              input: '$access',
              as: 'entry',
              in: {
                type: 'USER',
                principal: { $toObjectId: { $arrayElemAt: [{ $split: ['$$entry.principal', ':'] }, 1] } },
                level: '$$entry.level',
              },
            },
          },
        },
      },
    ])
  await db
    .collection('uploads')
    .updateMany({ owner: { $type: 'string' } }, [
      { $set: { owner: { $toObjectId: { $arrayElemAt: [{ $split: ['$owner', ':'] }, 1] } } } },
    ])
}
