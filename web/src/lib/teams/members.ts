import { toast } from 'svelte-sonner'
import { messages as access } from '#lib/access/messages.ts'
import { attempt } from '#lib/attempt.ts'
import { mutate } from '#lib/client.ts'
import { TeamMembersUpdateDocument, type AccessLevel } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

type Person = { id: string; name: string }

const update = (id: string, change: { set?: { user: string; level: AccessLevel }[]; remove?: string[] }) =>
  attempt(
    async () =>
      (await mutate(TeamMembersUpdateDocument, { input: { id, ...change } }, ['User'])).teamMembersUpdate,
  )

export async function addMember(team: string, person: Person) {
  if (await update(team, { set: [{ user: person.id, level: 'READ' }] }))
    toast.success(messages.added(person.name), {
      action: { label: messages.undo, onClick: () => void update(team, { remove: [person.id] }) },
    })
}

export async function setLevel(team: string, person: Person, level: AccessLevel) {
  if (await update(team, { set: [{ user: person.id, level }] }))
    toast.success(messages.levelSet(person.name, access.levels[level]))
}

/** Offers to put the person back at the level they had. */
export async function removeMember(team: string, person: Person, level: AccessLevel) {
  if (await update(team, { remove: [person.id] }))
    toast.success(messages.removed(person.name), {
      action: {
        label: messages.undo,
        onClick: () => void update(team, { set: [{ user: person.id, level }] }),
      },
    })
}
