import 'reflect-metadata'
import type { GraphQLSchema } from 'graphql'
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql'
import { AccessResolver } from './accounts/accessResolver.ts'
import { AdministrationResolver } from './accounts/administrationResolver.ts'
import { InvitationsResolver } from './accounts/invitationResolver.ts'
import { ProfileResolver } from './accounts/profileResolver.ts'
import { AccountsResolver } from './accounts/resolver.ts'
import { TeamsResolver } from './accounts/teamResolver.ts'
import { TokensResolver } from './accounts/tokenResolver.ts'
import { UserFieldsResolver } from './accounts/userFields.ts'
import { catalogueResolvers } from './catalogue/resolver.ts'
import { closeDoors } from './doors.ts'
import { ChangeResolver } from './history/changes.ts'
import { DiffResolver } from './history/diff.ts'
import { ChangeSetResolver, HistoryResolver } from './history/resolver.ts'
import { inventoryResolvers } from './inventory/resolvers.ts'
import { PlannedChangesResolver } from './discovery/plan.ts'
import { ConnectionsResolver, QuarantineResolver, ScopesResolver } from './discovery/resolver.ts'
import { MailResolver } from './mail/resolver.ts'
import { NodeResolver } from './node.ts'
import { RunsResolver } from './runs/resolver.ts'
import {
  ChainsResolver,
  FollowedScheduleResolver,
  OccurrencesResolver,
  OwnSchedulesResolver,
} from './scheduling/ownResolver.ts'
import { ConnectionSchedulesResolver, SchedulesResolver } from './scheduling/resolver.ts'
import { DeliveriesResolver, WebhooksResolver } from './scheduling/webhookResolver.ts'
import { ExportResolver } from './transfer/exportResolver.ts'
import { ImportResolver, ImportRowResolver } from './transfer/importResolver.ts'
import { UploadsResolver } from './uploads/resolver.ts'

const resolvers: NonEmptyArray<NewableFunction> = [
  AccountsResolver,
  ProfileResolver,
  UserFieldsResolver,
  TeamsResolver,
  InvitationsResolver,
  TokensResolver,
  AccessResolver,
  AdministrationResolver,
  MailResolver,
  UploadsResolver,
  NodeResolver,
  ...inventoryResolvers,
  ...catalogueResolvers,
  HistoryResolver,
  ChangeSetResolver,
  ChangeResolver,
  DiffResolver,
  ConnectionsResolver,
  ScopesResolver,
  QuarantineResolver,
  PlannedChangesResolver,
  RunsResolver,
  SchedulesResolver,
  ConnectionSchedulesResolver,
  OwnSchedulesResolver,
  FollowedScheduleResolver,
  ChainsResolver,
  OccurrencesResolver,
  WebhooksResolver,
  DeliveriesResolver,
  ExportResolver,
  ImportResolver,
  ImportRowResolver,
]

/** The whole contract. Subscriptions bring their own `subscribe`, so there is nothing to publish through here. */
export const buildApiSchema = (): GraphQLSchema =>
  closeDoors(
    buildSchemaSync({
      resolvers,
      validate: false,
      pubSub: {
        publish: () => undefined,
        subscribe: () => {
          throw new Error('A subscription needs a subscribe function of its own.')
        },
      },
    }),
  )
