import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { Connection } from '../../core/discovery/connection.ts'
import { findConnectionsOf } from '../../core/discovery/findById.ts'
import { Datacenter } from '../../core/inventory/datacenter.ts'
import type { Session } from '../../core/platform/session.ts'
import type { ObjectId } from 'mongodb'
import { loader } from '../loaders.ts'

@Resolver(() => Datacenter)
export class DatacenterFieldsResolver {
  @FieldResolver(() => [Connection], { description: 'Through which it is read, by name.' })
  connections(@Root() { _id }: Datacenter, @Ctx() session: Session) {
    return loader<ObjectId, Connection[]>(
      session,
      'connections of datacenters',
      async (datacenters) => {
        const found = await findConnectionsOf(session, datacenters)
        return datacenters.map((id) => found.filter(({ datacenter }) => datacenter.equals(id)))
      },
      (id) => id.toHexString(),
    ).load(_id)
  }
}
