import { toast } from 'svelte-sonner'
import { attempt } from '#lib/attempt.ts'
import { mutate } from '#lib/client.ts'
import {
  UserPasswordResetSendDocument,
  UserSecondFactorResetDocument,
  UserSignInsEndDocument,
  UserUpdateDocument,
  type UserRowFragment,
} from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

const words = messages.users

const update = (id: string, change: { administrator?: boolean; disabled?: boolean }) =>
  attempt(async () => (await mutate(UserUpdateDocument, { input: { id, ...change } })).userUpdate)

/** Done at once, and offered to be undone. */
export async function setAdministrator({ id, name }: UserRowFragment, administrator: boolean) {
  if (await update(id, { administrator }))
    toast.success(administrator ? words.promoted(name) : words.demoted(name), {
      action: { label: words.undo, onClick: () => void update(id, { administrator: !administrator }) },
    })
}

export async function setDisabled({ id, name }: UserRowFragment, disabled: boolean) {
  if (await update(id, { disabled }))
    toast.success(disabled ? words.switchedOff(name) : words.switchedOn(name), {
      action: { label: words.undo, onClick: () => void update(id, { disabled: !disabled }) },
    })
}

export async function sendPasswordLink({ id, email }: UserRowFragment) {
  const done = await attempt(
    async () => (await mutate(UserPasswordResetSendDocument, { input: { id } })).userPasswordResetSend,
  )
  if (done) toast.success(words.linkSent(email))
}

export async function resetSecondFactor({ id, name }: UserRowFragment) {
  const done = await attempt(
    async () => (await mutate(UserSecondFactorResetDocument, { input: { id } })).userSecondFactorReset,
  )
  if (done) toast.success(words.wasReset(name))
}

export async function signOutEverywhere({ id, name }: UserRowFragment) {
  const done = await attempt(
    async () => (await mutate(UserSignInsEndDocument, { input: { user: id } })).signInsEnd,
  )
  if (done) toast.success(words.signedOut(name, done.ended ?? 0))
}
