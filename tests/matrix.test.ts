import { randomBytes } from 'node:crypto'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApiSchema } from '../api/schema.ts'
import { startTestApi, type TestApi } from '../api/testing.ts'
import { Invitation, invitationsOf } from '../core/accounts/invitation.ts'
import { hashFamily, newFamily } from '../core/accounts/tokens.ts'
import { teamPrincipal } from '../core/accounts/team.ts'
import { principalOf, usersOf } from '../core/accounts/user.ts'
import { allKinds } from '../core/inventory/kinds.ts'
import type { AccessEntry } from '../core/platform/access.ts'
import { encodeId } from '../core/platform/ids.ts'
import { mailsOf } from '../core/platform/mail/mail.ts'
import { sendMail } from '../core/platform/mail/send.ts'
import { hydrateRun, runsOf } from '../core/runs/run.ts'
import { announce } from '../core/runs/watch.ts'
import { schedulesOf } from '../core/scheduling/schedule.ts'
import { scheduleAll } from '../core/scheduling/schedules.ts'
import { makePerson, makeTeam, makeToken, type Person, signInAs } from './access/people.ts'
import {
  makeAssets,
  makeConnection,
  makeImport,
  makeOwnSchedule,
  makeRun,
  makeWebhook,
  type Thing,
} from './access/things.ts'

/** Columns of the table, in this order. */
const actors = [
  'anonymous',
  'other',
  'reader',
  'writer',
  'admin',
  'teamReader',
  'teamWriter',
  'administrator',
  'readToken',
  'revokedToken',
] as const
type Actor = (typeof actors)[number]

/**
 * What each of them is answered: Stranger, Not found, Forbidden, Empty, Input at fault (so the door was open), OK.
 * Access lists name reader, writer and admin with their levels, and the team with ADMIN; readToken is admin's.
 */
const anybody = 'OOOOOOOOOO'
const anybodyWrong = 'IIIIIIIIII'
const signedIn = 'SOOOOOOOOS'
const mayAdd = 'SOOOOOOOFS'
const person = 'SOOOOOOOFS'
const personWrong = 'SIIIIIIIFS'
const administrator = 'SFFFFFFOFS'
const reads = 'SNOOOOOOOS'
const lists = 'SEOOOOOOOS'
const writes = 'SNFOOFOOFS'
const administers = 'SNFFOFFOFS'
const knowsTeam = 'SNNNNOOONS'
const listsTeam = 'SEEEEOOOES'
const leadsTeam = 'SNNNOFFOFS'
const others = 'SNNNNNNOFS'

interface Case {
  expected: string
  document: string
  variables?: (actor: Actor) => Promise<Record<string, unknown>> | Record<string, unknown>
  /** What a list must contain to count as answered. */
  contains?: string
  /** Makes something happen that a subscription is told. */
  happens?: () => Promise<void>
}

let api: TestApi
let people: Record<Exclude<Actor, 'anonymous' | 'readToken' | 'revokedToken'>, Person>
let tokens: Record<Actor, string | null>
let owner: Person
let team: { _id: ObjectId; id: string }
let access: AccessEntry[]
let server: Thing
let datacenter: Thing
let connection: Thing
let run: Thing
let changeSet: string
let webhook: string
let ownSchedule: string
/** Id of the one of each kind that its list must contain. */
const listed = new Map<string, string>()

const names = { server: 'matrix-server', role: 'matrix-role' }

const freshServer = async (facts: Record<string, unknown> = {}) =>
  makeAssets(api.core, 'Add a thing', [
    { kind: 'SERVER', facts: { name: 'fresh', role: 'fresh', ...facts }, access },
  ])
const freshTeam = () =>
  makeTeam(api.core, 'Fresh', [
    [people.admin, 'ADMIN'],
    [people.teamReader, 'READ'],
    [people.teamWriter, 'WRITE'],
  ])
async function freshInvitation(email: string, into: ObjectId | null) {
  const token = newFamily()
  const invitation = Object.assign(new Invitation(), {
    _id: new ObjectId(),
    hash: hashFamily(token),
    email,
    team: into,
    level: into ? ('READ' as const) : null,
    administrator: false,
    by: owner._id,
    byName: owner.name,
    createdAt: new Date(),
    expiresAt: new Date(Date.now() + 60_000),
  })
  await invitationsOf(api.core).insertOne({ ...invitation } as Invitation)
  return { token, id: encodeId('Invitation', invitation._id) }
}
async function freshMail() {
  await sendMail(api.core, {
    what: 'TEST',
    to: 'x@example.org',
    subject: 'Test',
    greeting: 'Hello',
    paragraphs: [],
  })
  const [mail] = await mailsOf(api.core).find().sort({ _id: -1 }).limit(1).toArray()
  return encodeId('Mail', mail!._id)
}
const idOf = (actor: Actor) => (actor in people ? people[actor as 'other'] : people.admin).id

const mutation = (name: string, more = '') => {
  const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return `mutation ($input: ${input}!) { ${name}(input: $input) { ${more} userErrors { code message } } }`
}
const byId = (name: string) => `query ($id: ID!) { ${name}(id: $id) { id } }`
const list = (name: string) => `{ ${name}(first: 200) { nodes { id } } }`
const input = (value: Record<string, unknown>) => ({ input: value })

/** What is needed to add one of a kind. */
const factsOf = (kind: string) => ({ name: 'fresh', ...(kind === 'DATACENTER' && { provider: 'own' }) })
const freshOf = async (kind: string) =>
  (await makeAssets(api.core, 'Add a thing', [{ kind, facts: factsOf(kind), access }])).things[0]!

/** Every kind of asset is guarded alike. */
const kindEntries = (kind: string, singular: string, plural: string): Record<string, () => Case> => ({
  [`Query.${singular}`]: () => ({
    expected: reads,
    document: byId(singular),
    variables: async () => ({ id: (await freshOf(kind)).id }),
  }),
  [`Query.${plural}`]: () => ({
    expected: lists,
    document: list(plural),
    contains: listed.get(kind)!,
  }),
  [`Mutation.${singular}Create`]: () => ({
    expected: mayAdd,
    document: mutation(`${singular}Create`),
    variables: () => input(factsOf(kind)),
  }),
  [`Mutation.${singular}Update`]: () => ({
    expected: writes,
    document: mutation(`${singular}Update`),
    variables: async () => input({ id: (await freshOf(kind)).id, version: 1, description: 'changed' }),
  }),
})

/** What forms suggest is read by everybody and kept by administrators. */
const catalogueEntries = (
  prefix: string,
  type: string,
  collection: string,
  added: Record<string, unknown>,
): Record<string, () => Case> => {
  const shipped = async () => {
    const record = await api.core.db.collection(collection).findOne({ hidden: false })
    return { id: encodeId(type, record!._id), version: record!.version as number }
  }
  const ofOne = (name: string) => () => ({
    expected: administrator,
    document: `mutation ($input: CatalogueEntryRefInput!) { ${name}(input: $input) { userErrors { code } } }`,
    variables: async () => input({ id: (await shipped()).id }),
  })
  return {
    [`Mutation.${prefix}Create`]: () => ({
      expected: administrator,
      document: mutation(`${prefix}Create`),
      variables: () => input(added),
    }),
    [`Mutation.${prefix}Update`]: () => ({
      expected: administrator,
      document: mutation(`${prefix}Update`),
      variables: async () => input({ ...(await shipped()), hidden: false }),
    }),
    [`Mutation.${prefix}Delete`]: ofOne(`${prefix}Delete`),
    [`Mutation.${prefix}Restore`]: ofOne(`${prefix}Restore`),
  }
}

const table: Record<string, () => Case> = {
  'Query.installation': () => ({ expected: anybody, document: '{ installation { version } }' }),
  'Query.viewer': () => ({ expected: 'EOOOOOOOOE', document: '{ viewer { id } }' }),
  'Query.invitation': () => ({
    expected: anybody,
    document: 'query ($token: String!) { invitation(token: $token) { email } }',
    variables: async () => ({ token: (await freshInvitation('a@example.org', null)).token }),
  }),
  'Query.connection': () => ({
    expected: reads,
    document: byId('connection'),
    variables: () => ({ id: connection.id }),
  }),
  'Query.connections': () => ({ expected: lists, document: list('connections'), contains: connection.id }),
  'Query.run': () => ({ expected: reads, document: byId('run'), variables: () => ({ id: run.id }) }),
  'Query.runs': () => ({ expected: lists, document: list('runs'), contains: run.id }),
  'Query.changeSet': () => ({
    expected: reads,
    document: byId('changeSet'),
    variables: () => ({ id: changeSet }),
  }),
  'Query.import': () => ({
    expected: reads,
    document: byId('import'),
    variables: async () => ({ id: (await makeImport(api.core, access)).id }),
  }),
  'Query.changeSets': () => ({ expected: lists, document: list('changeSets'), contains: changeSet }),
  'Query.inventoryDiff': () => ({
    expected: lists,
    document:
      '{ inventoryDiff(first: 200, from: "2026-01-01T00:00:00Z", kind: SERVER) { nodes { asset { id } } } }',
    contains: server.id,
  }),
  // These write much, and what the list above must contain would leave its first page.
  ...Object.assign(
    {},
    ...allKinds().map(({ kind, typeName, plural }) =>
      kindEntries(kind, `${typeName[0]!.toLowerCase()}${typeName.slice(1)}`, plural),
    ),
  ),
  'Query.assets': () => ({
    expected: lists,
    document: `{ assets(filter: { name: { eq: "${names.server}" } }) { nodes { id } } }`,
    contains: server.id,
  }),
  'Query.duplicates': () => ({
    expected: signedIn,
    document: '{ duplicates(kinds: [CLIENT]) { nodes { identifier count assets { id } } } }',
  }),
  'Query.node': () => ({ expected: lists, document: byId('node'), variables: () => ({ id: server.id }) }),
  'Query.nodes': () => ({
    expected: lists,
    document: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: () => ({ ids: [server.id] }),
    contains: server.id,
  }),
  'Query.lookup': () => ({
    expected: lists,
    document: `{ lookup(text: "${names.server}") { id } }`,
    contains: server.id,
  }),
  'Query.assetFieldValues': () => ({
    expected: lists,
    document: '{ assetFieldValues(kind: SERVER, field: "role", first: 100) { id: value } }',
    contains: names.role,
  }),
  'Query.assetKinds': () => ({ expected: signedIn, document: '{ assetKinds { kind } }' }),
  'Query.schedulePreview': () => ({
    expected: signedIn,
    document: '{ schedulePreview(when: { everyMinutes: 5 }) { times } }',
  }),
  'Query.ownSchedule': () => ({
    expected: reads,
    document: byId('ownSchedule'),
    variables: async () => ({ id: (await makeOwnSchedule(api.core, access)).id }),
  }),
  'Query.ownSchedules': () => ({ expected: lists, document: list('ownSchedules'), contains: ownSchedule }),
  'Query.webhook': () => ({
    expected: reads,
    document: byId('webhook'),
    variables: async () => ({ id: (await makeWebhook(api.core, access)).id }),
  }),
  'Query.webhooks': () => ({ expected: lists, document: list('webhooks'), contains: webhook }),
  'Query.delivery': () => ({
    expected: reads,
    document: byId('delivery'),
    variables: async () => ({ id: (await makeWebhook(api.core, access)).delivery }),
  }),
  'Query.crawlers': () => ({ expected: signedIn, document: '{ crawlers { provider } }' }),
  'Query.catalogueServices': () => ({
    expected: signedIn,
    document: '{ catalogueServices { nodes { id } } }',
  }),
  'Query.options': () => ({ expected: signedIn, document: '{ options(list: SIZE) { id } }' }),
  'Query.providers': () => ({ expected: signedIn, document: '{ providers { id } }' }),
  ...catalogueEntries('catalogueService', 'CatalogueService', 'catalogueServices', {
    name: 'matrix-service',
    families: ['CACHE'],
  }),
  ...catalogueEntries('option', 'CatalogueOption', 'catalogueOptions', { list: 'SIZE', value: 'matrix' }),
  ...catalogueEntries('provider', 'CatalogueProvider', 'catalogueProviders', {
    code: 'matrix',
    name: 'Matrix',
  }),
  'Query.user': () => ({
    expected: knowsTeam,
    document: byId('user'),
    variables: () => ({ id: people.teamReader.id }),
  }),
  'Query.users': () => ({ expected: listsTeam, document: list('users'), contains: people.teamReader.id }),
  'Query.principals': () => ({
    expected: listsTeam,
    document: '{ principals(text: "teamReader") { id } }',
    contains: people.teamReader.id,
  }),
  'Query.team': () => ({ expected: knowsTeam, document: byId('team'), variables: () => ({ id: team.id }) }),
  'Query.teams': () => ({ expected: listsTeam, document: list('teams'), contains: team.id }),
  'Query.invitations': () => ({
    expected: leadsTeam,
    document: 'query ($team: ID!) { invitations(team: $team) { nodes { id } } }',
    variables: async () => ({ team: (await freshTeam()).id }),
  }),
  'Query.signIns': () => ({ expected: person, document: '{ signIns { id } }' }),
  'Query.signIns of somebody else': () => ({
    expected: administrator,
    document: 'query ($user: ID!) { signIns(user: $user) { id } }',
    variables: () => ({ user: owner.id }),
  }),
  'Query.apiTokens': () => ({ expected: person, document: '{ apiTokens { nodes { id } } }' }),
  'Query.audit': () => ({ expected: administrator, document: '{ audit { nodes { id } } }' }),
  'Query.systemStatus': () => ({
    expected: administrator,
    document: '{ systemStatus { versions { name } collections { name } } }',
  }),
  'Query.mails': () => ({ expected: administrator, document: '{ mails { nodes { id } } }' }),
  'Query.mail': () => ({
    expected: administrator,
    document: byId('mail'),
    variables: async () => ({ id: await freshMail() }),
  }),

  'Subscription.run': () => ({
    expected: reads,
    document: 'subscription ($id: ID!) { run(id: $id) { id } }',
    variables: () => ({ id: run.id }),
  }),
  'Subscription.runs': () => ({
    expected: lists,
    document: 'subscription { runs { id } }',
    happens: async () => announce(api.core, hydrateRun((await runsOf(api.core).findOne({ _id: run._id }))!)),
  }),
  'Subscription.changeSets': () => ({
    expected: lists,
    document: 'subscription { changeSets { id } }',
    happens: async () => void (await freshServer()),
  }),
  // Its first event only tells where everybody stands; what the others tell is in api/inventory/news.test.ts.
  'Subscription.inventoryChanged': () => ({
    expected: signedIn,
    document: 'subscription { inventoryChanged { cursor } }',
  }),

  'Mutation.relationsUpdate': () => ({
    expected: writes,
    document: mutation('relationsUpdate'),
    variables: async () =>
      input({
        add: [{ kind: 'DEPENDS_ON', from: (await freshOf('APP')).id, to: (await freshOf('APP')).id }],
      }),
  }),
  'Mutation.assetsMerge': () => ({
    expected: administers,
    document: mutation('assetsMerge'),
    variables: async () =>
      input({
        into: { id: (await freshServer()).things[0]!.id, version: 1 },
        from: [{ id: (await freshServer()).things[0]!.id, version: 1 }],
      }),
  }),
  'Mutation.assetsUpdate': () => ({
    expected: writes,
    document: mutation('assetsUpdate'),
    variables: async () =>
      input({ ids: [(await freshServer()).things[0]!.id], set: { server: { role: 'other' } } }),
  }),
  'Mutation.assetsUpdate by a filter': () => ({
    expected: 'SOFOOFOOFS',
    document: mutation('assetsUpdate'),
    variables: async () => {
      const name = randomBytes(6).toString('hex')
      await freshServer({ name })
      return input({ filter: { servers: { name: { eq: name } } }, set: { server: { role: 'other' } } })
    },
  }),
  'Mutation.assetsRetire': () => ({
    expected: administers,
    document: mutation('assetsRetire'),
    variables: async () => input({ assets: [{ id: (await freshServer()).things[0]!.id, version: 1 }] }),
  }),
  'Mutation.assetsRestore': () => ({
    expected: administers,
    document: mutation('assetsRestore'),
    variables: async () => input({ assets: [{ id: (await freshServer()).things[0]!.id, version: 1 }] }),
  }),
  'Mutation.assetFieldsRelease': () => ({
    expected: writes,
    document: mutation('assetFieldsRelease'),
    variables: async () => input({ id: (await freshServer()).things[0]!.id, version: 1, fields: ['role'] }),
  }),
  'Mutation.changeSetRevert': () => ({
    expected: writes,
    document: mutation('changeSetRevert'),
    variables: async () => input({ id: (await freshServer()).changeSet }),
  }),
  'Mutation.accessUpdate': () => ({
    expected: administers,
    document: mutation('accessUpdate'),
    variables: async () => input({ ids: [(await freshServer()).things[0]!.id], remove: [people.reader.id] }),
  }),
  'Mutation.accessUpdate of a connection': () => ({
    expected: administers,
    document: mutation('accessUpdate'),
    variables: async () =>
      input({
        ids: [(await makeConnection(api.core, 'fresh', datacenter._id, access)).id],
        remove: [people.reader.id],
      }),
  }),
  'Mutation.connectionCreate': () => ({
    expected: 'SNOOOOOOFS',
    document: mutation('connectionCreate'),
    variables: () =>
      input({
        name: 'made',
        provider: 'AWS',
        datacenter: datacenter.id,
        regions: ['eu-west-1'],
        settings: [
          { name: 'accessKeyId', value: 'AKIAIOSFODNN7EXAMPLE' },
          { name: 'secretAccessKey', value: 'x' },
        ],
      }),
  }),
  'Mutation.connectionUpdate': () => ({
    expected: 'SNFIIFIIFS',
    document: mutation('connectionUpdate'),
    variables: () => input({ id: connection.id, version: 1, name: '' }),
  }),
  'Mutation.connectionTest': () => ({
    expected: 'SNFIIFIIFS',
    document: mutation('connectionTest'),
    variables: () => input({ id: connection.id, settings: [] }),
  }),
  'Mutation.connectionSync': () => ({
    expected: writes,
    document: mutation('connectionSync'),
    variables: async () =>
      input({ id: (await makeConnection(api.core, 'fresh', datacenter._id, access)).id }),
  }),
  'Mutation.scheduleUpdate': () => ({
    expected: 'SNFIIFIIFS',
    document: mutation('scheduleUpdate'),
    variables: async () => {
      await scheduleAll(api.core)
      const schedule = await schedulesOf(api.core).findOne({ connection: connection._id })
      return input({ id: encodeId('Schedule', schedule!._id), version: 1, everyMinutes: 0 })
    },
  }),
  'Mutation.ownScheduleCreate': () => ({
    expected: 'SNFOOFOOFS',
    document: mutation('ownScheduleCreate'),
    variables: async () =>
      input({
        name: 'made',
        action: { type: 'WEBHOOK', target: (await makeWebhook(api.core, access)).id },
      }),
  }),
  'Mutation.ownScheduleUpdate': () => ({
    expected: writes,
    document: mutation('ownScheduleUpdate'),
    variables: async () =>
      input({ id: (await makeOwnSchedule(api.core, access)).id, version: 1, paused: true }),
  }),
  'Mutation.ownScheduleDelete': () => ({
    expected: administers,
    document: mutation('ownScheduleDelete'),
    variables: async () => input({ id: (await makeOwnSchedule(api.core, access)).id, version: 1 }),
  }),
  'Mutation.ownScheduleRun': () => ({
    expected: writes,
    document: mutation('ownScheduleRun'),
    variables: async () => input({ id: (await makeOwnSchedule(api.core, access)).id }),
  }),
  'Mutation.chainCreate': () => ({
    expected: writes,
    document: mutation('chainCreate'),
    variables: async () =>
      input({
        from: (await makeOwnSchedule(api.core, access)).id,
        to: (await makeOwnSchedule(api.core, access)).id,
        after: 'ALWAYS',
      }),
  }),
  'Mutation.chainDelete': () => ({
    expected: writes,
    document: mutation('chainDelete'),
    variables: async () => input({ id: (await makeOwnSchedule(api.core, access)).chain }),
  }),
  'Mutation.accessUpdate of a schedule': () => ({
    expected: administers,
    document: mutation('accessUpdate'),
    variables: async () =>
      input({ ids: [(await makeOwnSchedule(api.core, access)).id], remove: [people.reader.id] }),
  }),
  'Mutation.webhookCreate': () => ({
    expected: mayAdd,
    document: mutation('webhookCreate'),
    variables: () => input({ name: 'made', url: 'https://hooks.example.org/' }),
  }),
  'Mutation.webhookUpdate': () => ({
    expected: writes,
    document: mutation('webhookUpdate'),
    variables: async () => input({ id: (await makeWebhook(api.core, access)).id, version: 1, name: 'other' }),
  }),
  'Mutation.webhookDelete': () => ({
    expected: administers,
    document: mutation('webhookDelete'),
    variables: async () => input({ id: (await makeWebhook(api.core, access)).id, version: 1 }),
  }),
  'Mutation.webhookTry': () => ({
    expected: writes,
    document: mutation('webhookTry'),
    variables: async () => input({ id: (await makeWebhook(api.core, access)).id }),
  }),
  'Mutation.deliveryReplay': () => ({
    expected: writes,
    document: mutation('deliveryReplay'),
    variables: async () => input({ id: (await makeWebhook(api.core, access)).delivery }),
  }),
  'Mutation.accessUpdate of a webhook': () => ({
    expected: administers,
    document: mutation('accessUpdate'),
    variables: async () =>
      input({ ids: [(await makeWebhook(api.core, access)).id], remove: [people.reader.id] }),
  }),
  'Mutation.runCancel': () => ({
    expected: writes,
    document: mutation('runCancel'),
    variables: async () => input({ id: (await makeRun(api.core, connection, access)).id }),
  }),
  'Mutation.uploadCreate': () => ({
    expected: mayAdd,
    document: mutation('uploadCreate'),
    variables: () => input({ name: 'facts.json' }),
  }),
  'Mutation.exportCreate': () => ({
    expected: mayAdd,
    document: mutation('exportCreate'),
    variables: () => input({ kind: 'SERVER', format: 'CSV' }),
  }),
  'Mutation.importCreate': () => ({
    expected: 'SNNNNNNNFS',
    document: mutation('importCreate'),
    variables: () => input({ kind: 'SERVER', upload: encodeId('Upload', new ObjectId()) }),
  }),
  'Mutation.importUpdate': () => ({
    expected: writes,
    document: mutation('importUpdate'),
    variables: async () => input({ id: (await makeImport(api.core, access)).id, mapping: [] }),
  }),
  'Mutation.importCheck': () => ({
    expected: writes,
    document: mutation('importCheck'),
    variables: async () => input({ id: (await makeImport(api.core, access)).id }),
  }),
  'Mutation.importApply': () => ({
    expected: writes,
    document: mutation('importApply'),
    variables: async () => input({ id: (await makeImport(api.core, access)).id, mode: 'SKIP_ERRORS' }),
  }),

  'Mutation.teamCreate': () => ({
    expected: mayAdd,
    document: mutation('teamCreate'),
    variables: () => input({ name: 'Made' }),
  }),
  'Mutation.teamUpdate': () => ({
    expected: leadsTeam,
    document: mutation('teamUpdate'),
    variables: async () => input({ id: (await freshTeam()).id, version: 1, name: 'Changed' }),
  }),
  'Mutation.teamMembersUpdate': () => ({
    expected: leadsTeam,
    document: mutation('teamMembersUpdate'),
    variables: async () => input({ id: (await freshTeam()).id, remove: [people.teamReader.id] }),
  }),
  'Mutation.teamLeave': () => ({
    expected: 'SNNNIOOIFS',
    document: mutation('teamLeave'),
    variables: async () => input({ id: (await freshTeam()).id }),
  }),
  'Mutation.teamDelete': () => ({
    expected: leadsTeam,
    document: mutation('teamDelete'),
    variables: async (actor) => input({ id: (await freshTeam()).id, heir: idOf(actor) }),
  }),
  'Mutation.userInvite': () => ({
    expected: leadsTeam,
    document: mutation('userInvite'),
    variables: async () => input({ email: 'new@example.org', team: (await freshTeam()).id, level: 'READ' }),
  }),
  'Mutation.userInvite without a team': () => ({
    expected: administrator,
    document: mutation('userInvite'),
    variables: () => input({ email: 'new@example.org' }),
  }),
  'Mutation.invitationRevoke': () => ({
    expected: 'SNNNONNOFS',
    document: `mutation ($input: InvitationRefInput!) { invitationRevoke(input: $input) { userErrors { code } } }`,
    variables: async () =>
      input({ id: (await freshInvitation('a@example.org', (await freshTeam())._id)).id }),
  }),
  'Mutation.invitationResend': () => ({
    expected: 'SNNNONNOFS',
    document: `mutation ($input: InvitationRefInput!) { invitationResend(input: $input) { userErrors { code } } }`,
    variables: async () =>
      input({ id: (await freshInvitation('a@example.org', (await freshTeam())._id)).id }),
  }),
  'Mutation.invitationAccept': () => ({
    expected: 'SOIIIIIIFS',
    document: mutation('invitationAccept'),
    variables: async () => input({ token: (await freshInvitation(people.other.email, null)).token }),
  }),

  'Mutation.profileUpdate': () => ({
    expected: person,
    document: mutation('profileUpdate'),
    variables: () => input({ city: 'Lisbon' }),
  }),
  'Mutation.passwordChange': () => ({
    expected: personWrong,
    document: mutation('passwordChange'),
    variables: () => input({ current: 'wrong', password: 'a long password' }),
  }),
  'Mutation.emailChangeRequest': () => ({
    expected: personWrong,
    document: mutation('emailChangeRequest'),
    variables: () => input({ email: 'new@example.org', password: 'wrong' }),
  }),
  'Mutation.secondFactorBegin': () => ({
    expected: personWrong,
    document: mutation('secondFactorBegin'),
    variables: () => input({ password: 'wrong' }),
  }),
  'Mutation.secondFactorConfirm': () => ({
    expected: personWrong,
    document: mutation('secondFactorConfirm'),
    variables: () => input({ code: '123456' }),
  }),
  'Mutation.secondFactorRemove': () => ({
    expected: personWrong,
    document: `mutation ($input: SecondFactorProofInput!) { secondFactorRemove(input: $input) { userErrors { code } } }`,
    variables: () => input({ password: 'wrong', code: '123456' }),
  }),
  'Mutation.recoveryCodesRenew': () => ({
    expected: personWrong,
    document: `mutation ($input: SecondFactorProofInput!) { recoveryCodesRenew(input: $input) { userErrors { code } } }`,
    variables: () => input({ password: 'wrong', code: '123456' }),
  }),
  'Mutation.signInEnd': () => ({
    expected: others,
    document: mutation('signInEnd'),
    variables: async () => input({ id: (await signInAs(api.core, owner._id)).id }),
  }),
  'Mutation.signInsEnd': () => ({
    expected: administrator,
    document: mutation('signInsEnd'),
    variables: () => input({ user: owner.id }),
  }),
  'Mutation.apiTokenCreate': () => ({
    expected: person,
    document: mutation('apiTokenCreate'),
    variables: () =>
      input({ name: 'made', level: 'READ', expiresAt: new Date(Date.now() + 60_000).toISOString() }),
  }),
  'Mutation.apiTokenRevoke': () => ({
    expected: others,
    document: mutation('apiTokenRevoke'),
    variables: async () => input({ id: (await makeToken(api.core, principalOf(owner._id), 'READ')).id }),
  }),

  'Mutation.userUpdate': () => ({
    expected: administrator,
    document: mutation('userUpdate'),
    variables: async () => input({ id: (await makePerson(api.core, 'Fresh')).id, disabled: true }),
  }),
  'Mutation.userPasswordResetSend': () => ({
    expected: administrator,
    document: `mutation ($input: UserRefInput!) { userPasswordResetSend(input: $input) { userErrors { code } } }`,
    variables: () => input({ id: owner.id }),
  }),
  'Mutation.userSecondFactorReset': () => ({
    expected: administrator,
    document: `mutation ($input: UserRefInput!) { userSecondFactorReset(input: $input) { userErrors { code } } }`,
    variables: () => input({ id: owner.id }),
  }),
  'Mutation.userDelete': () => ({
    expected: administrator,
    document: mutation('userDelete'),
    variables: async (actor) => input({ id: (await makePerson(api.core, 'Fresh')).id, heir: idOf(actor) }),
  }),
  'Mutation.mailRetry': () => ({
    expected: administrator,
    document: mutation('mailRetry'),
    variables: async () => input({ id: await freshMail() }),
  }),

  'Mutation.userSignUp': () => ({
    expected: anybody,
    document: mutation('userSignUp'),
    variables: () =>
      input({
        name: 'Somebody',
        email: `${randomBytes(6).toString('hex')}@example.org`,
        password: 'a long password',
      }),
  }),
  'Mutation.sessionCreate': () => ({
    expected: anybodyWrong,
    document: mutation('sessionCreate'),
    variables: () => input({ email: `${randomBytes(6).toString('hex')}@example.org`, password: 'wrong' }),
  }),
  'Mutation.sessionRefresh': () => ({
    expected: anybody,
    document: 'mutation { sessionRefresh { userErrors { code } } }',
  }),
  'Mutation.passwordResetRequest': () => ({
    expected: anybody,
    document: mutation('passwordResetRequest'),
    variables: () => input({ email: `${randomBytes(6).toString('hex')}@example.org` }),
  }),
  'Mutation.passwordReset': () => ({
    expected: anybodyWrong,
    document: mutation('passwordReset'),
    variables: () => input({ token: 'wrong', password: 'a long password' }),
  }),
  'Mutation.emailChangeConfirm': () => ({
    expected: anybodyWrong,
    document: mutation('emailChangeConfirm'),
    variables: () => input({ token: 'wrong' }),
  }),
  // Signs everybody out, so it comes last.
  'Mutation.sessionDelete': () => ({
    expected: anybody,
    document: 'mutation { sessionDelete { userErrors { code } } }',
  }),
}

beforeAll(async () => {
  api = await startTestApi()
  const { core } = api
  const make = (name: string) => makePerson(core, name, { passwordHash: hashOfNobody })
  people = {
    administrator: await makePerson(core, 'administrator', {
      administrator: true,
      passwordHash: hashOfNobody,
    }),
    other: await make('other'),
    reader: await make('reader'),
    writer: await make('writer'),
    admin: await make('admin'),
    teamReader: await make('teamReader'),
    teamWriter: await make('teamWriter'),
  }
  owner = await make('owner')
  team = await makeTeam(core, 'Team', [
    [owner, 'ADMIN'],
    [people.teamReader, 'READ'],
    [people.teamWriter, 'WRITE'],
  ])
  access = [
    { ...principalOf(people.reader._id), level: 'READ' },
    { ...principalOf(people.writer._id), level: 'WRITE' },
    { ...principalOf(people.admin._id), level: 'ADMIN' },
    { ...teamPrincipal(team._id), level: 'ADMIN' },
  ]
  const readToken = await makeToken(core, principalOf(people.admin._id), 'READ')
  const revoked = await makeToken(core, principalOf(people.admin._id), 'ADMIN')
  await core.db.collection('apiTokens').deleteOne({ hash: { $exists: true }, level: 'ADMIN' })
  tokens = {
    anonymous: null,
    ...(Object.fromEntries(Object.entries(people).map(([name, { token }]) => [name, token])) as Record<
      keyof typeof people,
      string
    >),
    readToken: readToken.token,
    revokedToken: revoked.token,
  }
  const made = await makeAssets(core, 'Add the matrix', [
    { kind: 'SERVER', facts: { name: names.server, role: names.role }, access },
    { kind: 'DATACENTER', facts: { name: 'matrix-datacenter', provider: 'own' }, access },
  ])
  ;[server, datacenter] = made.things as [Thing, Thing]
  changeSet = made.changeSet
  for (const { kind } of allKinds()) listed.set(kind, (await freshOf(kind)).id)
  connection = await makeConnection(core, 'matrix-connection', datacenter._id, access)
  run = await makeRun(core, connection, access)
  webhook = (await makeWebhook(core, access)).id
  ownSchedule = (await makeOwnSchedule(core, access)).id
})
afterAll(() => api.close())

/** Of a password that nobody knows. */
const hashOfNobody = `$argon2id$v=19$m=19456,t=2,p=1$${randomBytes(16).toString('base64').replace(/=+$/, '')}$${randomBytes(32).toString('base64').replace(/=+$/, '')}`

describe('the access matrix', () => {
  it('has an entry for every field of Query, Mutation and Subscription, and no other', () => {
    const schema = buildApiSchema()
    const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
      (type) => Object.keys(type!.getFields()).map((field) => `${type!.name}.${field}`),
    )
    const entries = new Set(Object.keys(table).map((name) => name.split(' ')[0]))
    expect([...entries].sort()).toEqual(fields.sort())
  })

  it.each(Object.keys(table))('%s', async (name) => {
    const one = table[name]!()
    const answers: Record<string, string> = {}
    for (const actor of actors)
      answers[actor] = await (name.startsWith('Subscription.') ? heard : answered)(name, one, actor)
    const expected = Object.fromEntries(actors.map((actor, index) => [actor, one.expected[index]]))
    expect(answers).toEqual(expected)
  })

  it('left the people who were needed', async () => {
    expect(
      await usersOf(api.core).countDocuments({ name: { $in: Object.keys(people) }, disabledAt: null }),
    ).toBe(7)
  })
})

const letters: Record<string, string> = { UNAUTHENTICATED: 'S', NOT_FOUND: 'N', FORBIDDEN: 'F' }

async function answered(
  name: string,
  { document, variables, contains }: Case,
  actor: Actor,
): Promise<string> {
  const field = name.split(' ')[0]!.split('.')[1]!
  const { data, errors } = await api.query(document, (await variables?.(actor)) ?? {}, tokens[actor])
  if (errors) return letters[String(errors[0]!.extensions.code)] ?? `${errors[0]!.message}`
  const answer = data[field]
  if (answer === null) return 'E'
  const [fault] = answer.userErrors ?? []
  if (fault) return letters[fault.code] ?? 'I'
  if (!contains) return 'O'
  const rows = (answer.nodes ?? answer) as ({ id?: string; asset?: { id: string } } | null)[]
  return rows.some((row) => (row?.asset ?? row)?.id === contains) ? 'O' : 'E'
}

const silenceMs = 300

async function heard(_name: string, { document, variables, happens }: Case, actor: Actor): Promise<string> {
  const events = api.subscribe(
    document,
    ((await variables?.(actor)) ?? {}) as Record<string, unknown>,
    tokens[actor] ?? undefined,
  )
  const first = events.next().then(
    ({ value }) => (value?.errors ? (letters[String(value.errors[0].extensions.code)] ?? '?') : 'O'),
    (closed: { code?: number }) => (closed.code === 4403 ? 'S' : '?'),
  )
  const asks = async () => {
    // A subscription says nothing when it begins, so what happens is repeated until it is heard.
    for (let tries = 0; tries < 5; tries++) {
      await new Promise((resolve) => setTimeout(resolve, silenceMs / 3))
      await happens?.()
    }
    await new Promise((resolve) => setTimeout(resolve, silenceMs))
    return 'E'
  }
  const outcome = await Promise.race([first, asks()])
  await events.return?.()
  return outcome
}
