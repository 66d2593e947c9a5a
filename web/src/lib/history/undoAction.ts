import { messages } from '#lib/ui/messages.ts'
import { undo } from './undo.ts'

/** The button of a toast that takes a change set back; nothing where nothing was changed. */
export function undoAction(changeSet: { id: string } | null) {
  return changeSet ? { action: { label: messages.undo, onClick: () => void undo(changeSet.id) } } : {}
}
