import { toast } from 'svelte-sonner'
import { attempt } from '#lib/attempt.ts'
import { mutate } from '#lib/client.ts'
import { InvitationResendDocument, InvitationRevokeDocument } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

type Invitation = { id: string; email: string }

/** The link that was sent before is worth nothing afterwards. */
export async function resend({ id, email }: Invitation) {
  const done = await attempt(
    async () => (await mutate(InvitationResendDocument, { input: { id } })).invitationResend,
  )
  if (done) toast.success(messages.resent(email))
}

export async function takeBack({ id, email }: Invitation) {
  const done = await attempt(
    async () => (await mutate(InvitationRevokeDocument, { input: { id } }, ['Invitation'])).invitationRevoke,
  )
  if (done) toast.success(messages.takenBack(email))
}
