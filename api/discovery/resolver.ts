import { GraphQLJSON } from 'graphql-scalars'
import type { ObjectId } from 'mongodb'
import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Upload } from '../../core/accounts/upload.ts'
import { findUploadsById } from '../../core/accounts/uploads.ts'
import { Connection } from '../../core/discovery/connection.ts'
import {
  countServers,
  createConnection,
  findConnections,
  getConnection,
  syncConnection,
  testConnection,
  updateConnection,
} from '../../core/discovery/connections.ts'
import { findConnectionsById } from '../../core/discovery/findById.ts'
import { crawlers } from '../../core/discovery/crawlers.ts'
import { findQuarantine, QuarantinedRecord } from '../../core/discovery/quarantine.ts'
import { findScopes, Scope } from '../../core/discovery/scope.ts'
import { Datacenter } from '../../core/inventory/datacenter.ts'
import type { Session } from '../../core/platform/session.ts'
import { findLatestRuns, findRuns } from '../../core/runs/request.ts'
import { hasEnded, Run } from '../../core/runs/run.ts'
import { assetsById, byId, runsById } from '../byId.ts'
import { ForwardArgs } from '../connection.ts'
import { loader } from '../loaders.ts'
import { registerNodes } from '../node.ts'
import { RunConnection } from '../runs/types.ts'
import { payload } from '../userErrors.ts'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { scheduleConnection } from '../../core/scheduling/schedules.ts'
import { accessGrants } from '../accounts/accessGrants.ts'
import { AccessGrant } from '../accounts/accessTypes.ts'
import { viewerCan, ViewerPermissions } from '../viewerCan.ts'
import {
  ConnectionConnection,
  ConnectionCreateInput,
  ConnectionPayload,
  ConnectionSyncInput,
  ConnectionSyncPayload,
  ConnectionTestInput,
  ConnectionTestPayload,
  ConnectionUpdateInput,
  CrawlerInfo,
  QuarantinedRecordConnection,
} from './types.ts'

registerNodes(['Connection'], findConnectionsById)

const uploadsById = byId('uploads by id', findUploadsById)
const hex = (id: ObjectId) => id.toHexString()

@Resolver(() => Connection)
export class ConnectionsResolver {
  @Query(() => [CrawlerInfo], { description: 'Providers that can be connected; forms are made from this.' })
  crawlers() {
    return crawlers.map((crawler) => Object.assign(new CrawlerInfo(), crawler))
  }

  @Query(() => Connection, { nullable: true, description: 'One connection.' })
  connection(
    @Arg('id', () => ID, { description: 'Id of the connection.' }) id: string,
    @Ctx() session: Session,
  ) {
    return getConnection(session, id)
  }

  @Query(() => ConnectionConnection, { description: 'Connections, by name.' })
  async connections(@Args(() => ForwardArgs) args: ForwardArgs, @Ctx() session: Session) {
    return ConnectionConnection.from(await findConnections(session, args))
  }

  @Mutation(() => ConnectionPayload, {
    description:
      'Adds a connection. Its resources are read by themselves from now on, or at once when you sync it.',
  })
  connectionCreate(
    @Arg('input', () => ConnectionCreateInput, { description: 'The connection.' })
    input: ConnectionCreateInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => {
      const connection = await createConnection(session, input)
      await scheduleConnection(session.core, connection)
      return { connection }
    })
  }

  @Mutation(() => ConnectionPayload, { description: 'Changes a connection.' })
  connectionUpdate(
    @Arg('input', () => ConnectionUpdateInput, { description: 'The changes.' }) input: ConnectionUpdateInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ connection: await updateConnection(session, input, input) }))
  }

  @Mutation(() => ConnectionTestPayload, {
    description:
      'Tries a key at once: whether it works, as whom, and what it may not do. Nothing is read or stored.',
  })
  connectionTest(
    @Arg('input', () => ConnectionTestInput, { description: 'What to try.' }) input: ConnectionTestInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ result: await testConnection(session, input.id ?? null, input) }))
  }

  @Mutation(() => ConnectionSyncPayload, { description: 'Starts a crawl, unless one is running.' })
  async connectionSync(
    @Arg('input', () => ConnectionSyncInput, { description: 'Which connection.' }) input: ConnectionSyncInput,
    @Ctx() session: Session,
  ) {
    return { alreadyRunning: false, ...(await payload(() => syncConnection(session, input))) }
  }

  @FieldResolver(() => Datacenter, {
    nullable: true,
    description: 'Datacenter that its servers are located in.',
  })
  datacenter(@Root() connection: Connection, @Ctx() session: Session) {
    return assetsById(session).load(connection.datacenter)
  }

  @FieldResolver(() => GraphQLJSON, { description: 'Settings that are not secret, by name.' })
  settings(@Root() connection: Connection) {
    return connection.settings
  }

  @FieldResolver(() => [Upload], { description: 'Uploaded files that it reads.' })
  async files(@Root() connection: Connection, @Ctx() session: Session) {
    const uploads = await uploadsById(session).loadMany(connection.uploads)
    return uploads.filter((upload) => upload instanceof Upload)
  }

  @FieldResolver(() => [Scope], { description: 'What is listed as one, and when it last was complete.' })
  scopes(@Root() connection: Connection, @Ctx() session: Session) {
    return loader<ObjectId, Scope[]>(
      session,
      'Connection.scopes',
      async (ids) => {
        const scopes = await findScopes(session.core, ids)
        return ids.map((id) => scopes.filter((scope) => scope.connection.equals(id)))
      },
      hex,
    ).load(connection._id)
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The run that reads it now.' })
  async activeRun(@Root() connection: Connection, @Ctx() session: Session) {
    const run = await latestRun(session, connection)
    return run && !hasEnded(run) ? run : null
  }

  @FieldResolver(() => Run, {
    nullable: true,
    description: 'The newest run of it, whether it has ended or not.',
  })
  lastRun(@Root() connection: Connection, @Ctx() session: Session) {
    return latestRun(session, connection)
  }

  @FieldResolver(() => RunConnection, { description: 'Runs of it, newest first.' })
  async runs(
    @Root() connection: Connection,
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Ctx() session: Session,
  ) {
    return RunConnection.from(await findRuns(session, { ...args, subject: connection._id }))
  }

  @FieldResolver(() => QuarantinedRecordConnection, {
    description: 'Records that its last runs could not read, newest first.',
  })
  async quarantine(
    @Root() connection: Connection,
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Ctx() session: Session,
  ) {
    const page = await findQuarantine(session.core, { connection: connection._id }, args)
    return QuarantinedRecordConnection.from(page)
  }

  @FieldResolver(() => Int, { description: 'How many servers it reports that you may see.' })
  serverCount(@Root() connection: Connection, @Ctx() session: Session) {
    return loader<ObjectId, number>(
      session,
      'Connection.serverCount',
      async (ids) => {
        const counts = await countServers(session, [...ids])
        return ids.map((id) => counts.get(hex(id)) ?? 0)
      },
      hex,
    ).load(connection._id)
  }

  @FieldResolver(() => [AccessGrant], {
    description: 'Who may see and change it, and what it discovers from now on.',
  })
  access(@Root() { access }: Connection, @Ctx() session: CallerSession) {
    return accessGrants(session, access)
  }

  @FieldResolver(() => ViewerPermissions, { description: 'What you may do with it.' })
  viewerCan(@Root() { access }: Connection, @Ctx() session: Session) {
    return viewerCan(session, access)
  }
}

const latestRun = (session: Session, connection: Connection): Promise<Run | null> =>
  loader<ObjectId, Run | null>(
    session,
    'Connection.lastRun',
    async (ids) => {
      const runs = await findLatestRuns(session, [...ids])
      return ids.map((id) => runs.get(hex(id)) ?? null)
    },
    hex,
  ).load(connection._id)

@Resolver(() => Scope)
export class ScopesResolver {
  @FieldResolver(() => Run, { nullable: true, description: 'The run that last completed it.' })
  lastRun(@Root() scope: Scope, @Ctx() session: Session) {
    return scope.lastRun ? runsById(session).load(scope.lastRun) : null
  }
}

@Resolver(() => QuarantinedRecord)
export class QuarantineResolver {
  @FieldResolver(() => Run, { nullable: true, description: 'The run that met it.' })
  run(@Root() record: QuarantinedRecord, @Ctx() session: Session) {
    return runsById(session).load(record.run)
  }
}
