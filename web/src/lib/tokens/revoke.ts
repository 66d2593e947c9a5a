import { toast } from 'svelte-sonner'
import { attempt } from '#lib/attempt.ts'
import { mutate } from '#lib/client.ts'
import { TokenRevokeDocument } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

/** Ends a token for good. */
export async function revoke({ id, name }: { id: string; name: string }) {
  const done = await attempt(
    async () => (await mutate(TokenRevokeDocument, { input: { id } }, ['ApiToken'])).apiTokenRevoke,
  )
  if (done) toast.success(messages.revoked(name))
}
