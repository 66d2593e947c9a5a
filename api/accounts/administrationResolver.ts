import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import {
  beginUserDeletion,
  resetSecondFactor,
  sendPasswordReset,
  updateUser,
} from '../../core/accounts/administration.ts'
import { findAudit } from '../../core/accounts/audit.ts'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { readHeir } from '../../core/accounts/deletion.ts'
import { findCollectionSizes, findQueues, findVersions } from '../../core/accounts/system.ts'
import { principalOf } from '../../core/accounts/user.ts'
import { requestHandover } from '../../core/runs/request.ts'
import { ForwardArgs } from '../connection.ts'
import { Door } from '../doors.ts'
import { payload } from '../userErrors.ts'
import {
  AuditConnection,
  AuditFilter,
  SystemInfo,
  UserDeleteInput,
  UserRefInput,
  UserUpdateInput,
} from './administrationTypes.ts'
import { UserPayload } from './profileTypes.ts'
import { DeletionPayload } from './teamTypes.ts'

/** Kinds of work that wait in queues. */
const queues = ['crawl', 'handover', 'mail']

@Resolver()
export class AdministrationResolver {
  @Door('ADMINISTRATOR')
  @Query(() => AuditConnection, {
    description: 'Who decided who may do what, newest first. For administrators.',
  })
  async audit(
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Which lines; all unless given.' })
    filter: AuditFilter | null | undefined,
    @Ctx() session: CallerSession,
  ) {
    return AuditConnection.from(await findAudit(session, args, filter ?? {}))
  }

  @Door('ADMINISTRATOR')
  @Query(() => SystemInfo, { description: 'How this installation is doing. For administrators.' })
  async systemStatus(@Ctx() session: CallerSession): Promise<SystemInfo> {
    const { SMTP_URL, FILES_URL } = session.core.config
    const [versions, collections, waiting] = await Promise.all([
      findVersions(session),
      findCollectionSizes(session),
      findQueues(session, queues),
    ])
    return {
      versions,
      collections,
      queues: waiting,
      files: withoutQuery(FILES_URL),
      mailServer: SMTP_URL ? new URL(SMTP_URL).host : null,
    }
  }

  @Door('ADMINISTRATOR')
  @Mutation(() => UserPayload, {
    description: 'Makes somebody an administrator or no longer one, switches an account off or on.',
  })
  userUpdate(
    @Arg('input', () => UserUpdateInput, { description: 'The changes.' }) input: UserUpdateInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ user: await updateUser(session, input) }))
  }

  @Door('ADMINISTRATOR')
  @Mutation(() => UserPayload, { description: 'Mails somebody a link to choose a new password.' })
  userPasswordResetSend(
    @Arg('input', () => UserRefInput, { description: 'Whom.' }) { id }: UserRefInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ user: await sendPasswordReset(session, id) }))
  }

  @Door('ADMINISTRATOR')
  @Mutation(() => UserPayload, {
    description: 'For somebody who has lost their authenticator: the password alone is enough again.',
  })
  userSecondFactorReset(
    @Arg('input', () => UserRefInput, { description: 'Whose.' }) { id }: UserRefInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ user: await resetSecondFactor(session, id) }))
  }

  @Door('PERSON')
  @Mutation(() => DeletionPayload, {
    description:
      'Deletes an account: your own, or for administrators anybody. It ends at once; the heir gets what it has.',
  })
  userDelete(
    @Arg('input', () => UserDeleteInput, { description: 'Whose, and who inherits.' }) input: UserDeleteInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => {
      const heir = await readHeir(session, input.id, input.heir)
      const user = await beginUserDeletion(session, input.id)
      return { run: await requestHandover(session, { ...principalOf(user._id), name: user.name }, heir) }
    })
  }
}

const withoutQuery = (url: string) => url.replace(/\?.*$/, '')
