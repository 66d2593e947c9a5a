import type { Document } from 'mongodb'

/** Records that have not changed since the moment, which are then as they are now. */
export const steadySince = (at: Date): Document => ({ updatedAt: { $lte: at } })

/** Records that have changed since the moment. */
export const movedSince = (at: Date): Document => ({ updatedAt: { $gt: at } })

/**
 * Stages that make of each record what it was at the moment, by taking its later changes back, newest first; one that
 * did not exist yet is left out. Who may see it stays as it is now. Costs two look-ups a record, so records that have not
 * changed since are better not sent through.
 */
export const rewound = (at: Date): Document[] => [
  {
    $lookup: {
      from: 'changes',
      localField: '_id',
      foreignField: 'record',
      let: { reached: '$version' },
      pipeline: [
        { $match: { at: { $gt: at }, $expr: { $lte: ['$version', '$$reached'] } } },
        { $sort: { version: -1 } },
        { $project: { _id: 0, version: 1, before: 1, after: 1 } },
      ],
      as: 'later',
    },
  },
  { $match: { later: { $not: { $elemMatch: { before: null } } } } },
  {
    $set: {
      version: { $subtract: [{ $ifNull: [{ $min: '$later.version' }, { $add: ['$version', 1] }] }, 1] },
    },
  },
  {
    $lookup: {
      from: 'changes',
      let: { record: '$_id', version: '$version' },
      pipeline: [
        {
          $match: { $expr: { $and: [{ $eq: ['$record', '$$record'] }, { $eq: ['$version', '$$version'] }] } },
        },
        { $project: { _id: 0, at: 1 } },
      ],
      as: 'earlier',
    },
  },
  {
    $replaceWith: {
      $mergeObjects: [
        { $reduce: { input: '$later', initialValue: '$$ROOT', in: takenBack('$$value', '$$this') } },
        {
          access: '$access',
          version: '$version',
          updatedAt: { $ifNull: [{ $first: '$earlier.at' }, '$updatedAt'] },
          asOf: at,
        },
      ],
    },
  },
  { $unset: ['later', 'earlier'] },
]

/** A record without one of its changes: what the change gave it goes, what it had before comes back. */
function takenBack(record: string, change: string): Document {
  const given = { $map: { input: { $objectToArray: `${change}.after` }, as: 'one', in: '$$one.k' } }
  return {
    $mergeObjects: [
      {
        $arrayToObject: {
          $filter: {
            input: { $objectToArray: record },
            as: 'field',
            cond: { $not: [{ $in: ['$$field.k', given] }] },
          },
        },
      },
      `${change}.before`,
    ],
  }
}
