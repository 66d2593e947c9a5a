import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import { isAdministrator } from '../../core/accounts/caller.ts'
import { findMails, findMailsById, getMail, readMail, retryMail } from '../../core/accounts/mails.ts'
import { Mail } from '../../core/platform/mail/mail.ts'
import type { Session } from '../../core/platform/session.ts'
import { connectionType, ForwardArgs } from '../connection.ts'
import { Door } from '../doors.ts'
import { registerNodes } from '../node.ts'
import { Payload, payload } from '../userErrors.ts'

const MailConnection = connectionType(Mail)

registerNodes(['Mail'], async (session, ids) => (isAdministrator(session) ? findMailsById(session, ids) : []))

@InputType({ description: 'A mail to send once more.' })
class MailRetryInput {
  @Field(() => ID, { description: 'Which mail.' })
  id!: string
}

@ObjectType({ description: 'Answer to sending a mail once more.' })
class MailPayload extends Payload {
  @Field(() => Mail, { nullable: true, description: 'The mail as it is now; null when it was not accepted.' })
  mail?: Mail | null
}

@Resolver(() => Mail)
export class MailResolver {
  @Door('ADMINISTRATOR')
  @Query(() => MailConnection, {
    description: 'What Maestro has written to people, newest first. For administrators.',
  })
  async mails(@Args(() => ForwardArgs) args: ForwardArgs, @Ctx() session: Session) {
    return MailConnection.from(await findMails(session, args))
  }

  @Door('ADMINISTRATOR')
  @Query(() => Mail, { nullable: true, description: 'One mail. For administrators.' })
  mail(@Arg('id', () => ID, { description: 'Id of the mail.' }) id: string, @Ctx() session: Session) {
    return getMail(session, id)
  }

  @Door('ADMINISTRATOR')
  @Mutation(() => MailPayload, {
    description: 'Sends a mail once more that was given up, or at once if it waits.',
  })
  mailRetry(
    @Arg('input', () => MailRetryInput, { description: 'Which.' }) { id }: MailRetryInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ mail: await retryMail(session, id) }))
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Its text; null once it was sent, and for API tokens, for it holds links that let in.',
  })
  text(@Root() mail: Mail, @Ctx() session: Session) {
    return readMail(session, mail)?.text ?? null
  }

  @FieldResolver(() => String, { nullable: true, description: 'The same as HTML; null where the text is.' })
  html(@Root() mail: Mail, @Ctx() session: Session) {
    return readMail(session, mail)?.html ?? null
  }
}
