import { toast } from 'svelte-sonner'
import { goto } from '$app/navigation'
import { messages } from './messages.ts'

/** Tells that a form which was closed still holds what was typed, and how to come back to it. */
export function stillKept(what: string, way: string) {
  toast(messages.stillKept(what), {
    action: { label: messages.goOn, onClick: () => void goto(way, { reset: false }) },
  })
}
