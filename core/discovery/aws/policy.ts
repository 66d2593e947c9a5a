import { resources } from './resources.ts'

/** Asked for by itself to know the account; needed in any case. */
const identify = 'sts:GetCallerIdentity'

/** A policy of IAM that allows what is read, and nothing else. */
export const policy = JSON.stringify(
  {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'MaestroReads',
        Effect: 'Allow',
        Action: [...new Set([identify, ...resources.flatMap(({ permissions }) => permissions)])].sort(),
        Resource: '*',
      },
    ],
  },
  null,
  2,
)
