import { goto } from '$app/navigation'
import { hereWith } from './hereWith.ts'

/** Back to the page below the open panel. */
export function closePanel() {
  void goto(hereWith({ new: null, edit: null, relate: null }), { reset: false })
}
