import type { AnyEntity, Constructor } from '@mikro-orm/mongodb'
import { ApiToken } from './accounts/apiToken.ts'
import { AuditEntry } from './accounts/audit.ts'
import { AuthSession } from './accounts/authSession.ts'
import { Invitation } from './accounts/invitation.ts'
import { MailedLink } from './accounts/mailedLink.ts'
import { Team } from './accounts/team.ts'
import { Upload } from './accounts/upload.ts'
import { User } from './accounts/user.ts'
import { BulkEdit } from './bulk/bulkEdit.ts'
import { Connection } from './discovery/connection.ts'
import { PlannedChange } from './discovery/plan.ts'
import { QuarantinedRecord } from './discovery/quarantine.ts'
import { Scope } from './discovery/scope.ts'
import { Change, ChangeSet } from './history/records.ts'
import { App } from './inventory/app.ts'
import { Asset } from './inventory/asset.ts'
import { Client, System } from './inventory/business.ts'
import { CatalogueEntry } from './inventory/catalogue/entry.ts'
import { CatalogueOption } from './inventory/catalogue/option.ts'
import { CatalogueProvider } from './inventory/catalogue/provider.ts'
import { CatalogueService } from './inventory/catalogue/service.ts'
import { Datacenter } from './inventory/datacenter.ts'
import { Flavor } from './inventory/flavor.ts'
import { Network } from './inventory/network.ts'
import { PlacedAsset } from './inventory/placedAsset.ts'
import { Relation } from './inventory/relation.ts'
import { Server } from './inventory/server.ts'
import { Image, Snapshot, Volume } from './inventory/storage.ts'
import { Mail } from './platform/mail/mail.ts'
import { Run } from './runs/run.ts'
import { Chain } from './scheduling/chain.ts'
import { Delivery } from './scheduling/delivery.ts'
import { Occurrence } from './scheduling/occurrence.ts'
import { OwnSchedule } from './scheduling/ownSchedule.ts'
import { Schedule } from './scheduling/schedule.ts'
import { Webhook } from './scheduling/webhook.ts'
import { Export } from './transfer/export.ts'
import { Import, ImportRow } from './transfer/import.ts'
// Who may see what is theirs to say.
import './discovery/shareConnections.ts'
import './inventory/shareAssets.ts'
import './runs/access.ts'
import './scheduling/shareSchedules.ts'
import './scheduling/shareWebhooks.ts'

/** Everything that is stored; each process opens the database with all of them. */
export const entities: Constructor<AnyEntity>[] = [
  User,
  Team,
  AuthSession,
  ApiToken,
  Invitation,
  MailedLink,
  AuditEntry,
  Mail,
  Upload,
  Asset as unknown as Constructor<AnyEntity>,
  PlacedAsset as unknown as Constructor<AnyEntity>,
  Server,
  App,
  System,
  Client,
  Datacenter,
  Volume,
  Snapshot,
  Image,
  Network,
  Flavor,
  Relation,
  CatalogueEntry as unknown as Constructor<AnyEntity>,
  CatalogueService,
  CatalogueOption,
  CatalogueProvider,
  ChangeSet,
  Change,
  Run,
  Connection,
  Scope,
  QuarantinedRecord,
  PlannedChange,
  Schedule,
  OwnSchedule,
  Occurrence,
  Chain,
  Webhook,
  Delivery,
  BulkEdit,
  Export,
  Import,
  ImportRow,
]
