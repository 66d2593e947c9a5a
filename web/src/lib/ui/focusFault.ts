import { tick } from 'svelte'

/** Takes the person to the first field of the open panel that is wrong. */
export async function focusFault() {
  await tick()
  document.querySelector<HTMLElement>('.panel [aria-invalid="true"]')?.focus()
}
