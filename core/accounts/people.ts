import type { Filter, ObjectId } from 'mongodb'
import { listCollation, queryTimeoutMs } from '../platform/database.ts'
import { fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import { escapedText } from '../platform/text.ts'
import { type CallerSession, isAdministrator } from './caller.ts'
import { teamsOf } from './team.ts'
import { hydrateUser, type User, usersOf } from './user.ts'

/** Ids of those with whom the caller shares a team, and of the caller. */
async function acquaintances({ core, caller }: CallerSession): Promise<ObjectId[]> {
  const teams = await teamsOf(core)
    .find(
      { _id: { $in: caller.teams.map(({ team }) => team) }, disabledAt: null },
      { projection: { 'access.principal': 1 }, maxTimeMS: queryTimeoutMs },
    )
    .toArray()
  return [
    ...(caller.user ? [caller.user._id] : []),
    ...teams.flatMap(({ access }) => access.map(({ principal }) => principal)),
  ]
}

/** Condition of the people whom the caller may know: those in the same teams; for administrators everybody. */
async function known(session: CallerSession): Promise<Filter<User>> {
  if (isAdministrator(session)) return {}
  return { _id: { $in: await acquaintances(session) } }
}

/** People by name. */
export async function findPeople(
  session: CallerSession,
  args: PageArgs & { text?: string | null; disabled?: boolean | null },
): Promise<Page<User>> {
  const text = args.text?.trim().slice(0, 200)
  const matches = text && { $regex: escapedText(text), $options: 'i' }
  const filter = {
    $and: [
      await known(session),
      args.disabled == null ? {} : { disabledAt: args.disabled ? { $ne: null } : null },
      matches ? { $or: [{ name: matches }, { fullName: matches }, { email: matches }] } : {},
    ],
  } as Filter<User>
  const page = await findPage(usersOf(session.core), filter, [{ field: 'name', direction: 1 }], args, {
    collation: listCollation,
  })
  return mapPage(page, hydrateUser)
}

/** Those of the people whom the caller may know. */
export async function findPeopleById(session: CallerSession, ids: readonly ObjectId[]): Promise<User[]> {
  const { caller } = session
  // Nobody has to be asked about oneself.
  if (caller.user && ids.every((id) => id.equals(caller.user!._id))) return [caller.user]
  const found = await usersOf(session.core)
    .find({ $and: [{ _id: { $in: [...ids] } }, await known(session)] } as Filter<User>, {
      maxTimeMS: queryTimeoutMs,
    })
    .batchSize(ids.length + 1)
    .toArray()
  return found.map(hydrateUser)
}

/** @throws NotFound, or UserFault at `field` where that is given, also when the caller may not know the person */
export async function getPerson(session: CallerSession, id: string, field?: string[]): Promise<User> {
  const [user] = await findPeopleById(session, [decodeId(id, 'User').id])
  if (user && !(field && user.disabledAt)) return user
  if (!field) throw new NotFound('user', id)
  throw fault(
    'NOT_FOUND',
    field,
    'This person does not exist, is switched off, or is not in a team with you.',
  )
}
