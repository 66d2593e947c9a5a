import { hex, randomFrom } from './random.ts'
import { Fault } from './fault.ts'

export interface Account {
  accessKeyId: string
  secretAccessKey: string
  /** The twelve digits. Keys of one account see one estate. */
  account: string
  /** `ec2:DescribeInstances`, `ec2:Describe*` or `*`. */
  permissions: string[]
  userName?: string
  /** When given, requests must carry it, as with temporary credentials. */
  sessionToken?: string
  expired?: boolean
}

export const demoAccount: Account = {
  accessKeyId: 'AKIAMAESTRODEMO00001',
  secretAccessKey: 'demo+secret+access+key+of+the+emulator+1',
  account: '123456789012',
  permissions: ['*'],
  userName: 'maestro',
}

export function arnOf(account: Account): string {
  return `arn:aws:iam::${account.account}:user/${account.userName ?? 'maestro'}`
}

export function userIdOf(account: Account): string {
  return `AIDA${hex(randomFrom('user', account.accessKeyId), 17).toUpperCase()}`
}

export function requirePermission(account: Account, permission: string): void {
  const allowed = account.permissions.some((pattern) =>
    pattern.endsWith('*') ? permission.startsWith(pattern.slice(0, -1)) : pattern === permission,
  )
  if (allowed) return
  throw new Fault(
    403,
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. User: ${arnOf(account)} is not authorized to perform: ` +
      `${permission} because no identity-based policy allows the ${permission} action`,
  )
}
