import { Field, ObjectType } from 'type-graphql'
import { type AccessEntry, mayReach } from '../core/platform/access.ts'
import type { Session } from '../core/platform/session.ts'

@ObjectType({ description: 'What you may do.' })
export class ViewerPermissions {
  @Field(() => Boolean, { description: 'Change it.' })
  update!: boolean

  @Field(() => Boolean, { description: 'Retire it.' })
  retire!: boolean

  @Field(() => Boolean, { description: 'Decide who else may see and change it.' })
  share!: boolean
}

export function viewerCan(session: Session, access: AccessEntry[]): ViewerPermissions {
  const administer = mayReach(session, access, 'ADMIN')
  return { update: mayReach(session, access, 'WRITE'), retire: administer, share: administer }
}
