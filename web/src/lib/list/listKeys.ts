/** What the keys of a list do. */
export type ListKeys = {
  /** One row down or up; with `reach`, selecting what lies between. */
  move: (step: 1 | -1, reach: boolean) => void
  edge: (where: 'first' | 'last') => void
  page: (step: 1 | -1) => void
  select: () => void
  selectPage: () => void
  open: () => void
  edit: () => void
  find: () => void
  escape: () => void
}

const typing = 'input:not([type=checkbox]), textarea, select, [contenteditable]'
/** Parts of the page with arrows and letters of their own. */
const apart = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [role=tablist]'

/** Keys of a list, except where a person types, in menus, and for what the browser itself understands. */
export function listKeys(keys: ListKeys) {
  return (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    if (event.defaultPrevented || event.altKey || target.closest(`${typing}, ${apart}`)) return
    if (document.querySelector('[role=dialog], [role=alertdialog]')) return
    const work = wanted(event, target, keys)
    if (!work) return
    event.preventDefault()
    work()
  }
}

function wanted(event: KeyboardEvent, target: HTMLElement, keys: ListKeys): (() => void) | null {
  const { key, shiftKey } = event
  if (event.ctrlKey || event.metaKey) return key === 'a' ? keys.selectPage : null
  switch (key) {
    case 'j':
    case 'J':
    case 'ArrowDown':
      return () => keys.move(1, shiftKey)
    case 'k':
    case 'K':
    case 'ArrowUp':
      return () => keys.move(-1, shiftKey)
    case 'Home':
      return () => keys.edge('first')
    case 'End':
      return () => keys.edge('last')
    case 'n':
      return () => keys.page(1)
    case 'p':
      return () => keys.page(-1)
    case 'x':
      return keys.select
    case 'e':
      return keys.edit
    case '/':
      return keys.find
    case 'Escape':
      return keys.escape
    case 'Enter':
      // A link or a button that has the focus does what it does.
      return target.closest('a, button, input') ? null : keys.open
    default:
      return null
  }
}
