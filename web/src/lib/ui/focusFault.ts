import { tick } from 'svelte'

const WRONG = '[aria-invalid="true"]'

/** Takes the person to the first field that is wrong, of the open panel if there is one. */
export async function focusFault() {
  await tick()
  const panel = document.querySelector('.panel')
  ;(panel ?? document).querySelector<HTMLElement>(WRONG)?.focus()
}
