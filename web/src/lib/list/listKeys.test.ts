import { afterEach, describe, expect, it } from 'vitest'
import { listKeys, type ListKeys } from './listKeys.ts'

const NAMES = ['move', 'edge', 'page', 'select', 'selectPage', 'open', 'edit', 'find', 'escape'] as const

/** What a key has done, and whether the browser was kept from doing anything itself. */
function press(init: KeyboardEventInit, where: HTMLElement = document.body) {
  const done: unknown[][] = []
  const keys = Object.fromEntries(
    NAMES.map((name) => [name, (...args: unknown[]) => void done.push([name, ...args])]),
  ) as unknown as ListKeys
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })
  const hear = listKeys(keys)
  document.addEventListener('keydown', hear)
  where.dispatchEvent(event)
  document.removeEventListener('keydown', hear)
  return { done, prevented: event.defaultPrevented }
}

const put = (html: string) => {
  document.body.innerHTML = html
  return document.body.firstElementChild as HTMLElement
}

afterEach(() => (document.body.innerHTML = ''))

describe('keys of a list', () => {
  it('move, and select while moving', () => {
    expect(press({ key: 'j' }).done).toEqual([['move', 1, false]])
    expect(press({ key: 'ArrowUp', shiftKey: true })).toEqual({ done: [['move', -1, true]], prevented: true })
    expect(press({ key: 'J', shiftKey: true }).done).toEqual([['move', 1, true]])
    expect(press({ key: 'a', ctrlKey: true }).done).toEqual([['selectPage']])
  })
  it('leave the keys of the browser alone', () => {
    expect(press({ key: 'r', ctrlKey: true })).toEqual({ done: [], prevented: false })
    expect(press({ key: 'ArrowLeft', altKey: true })).toEqual({ done: [], prevented: false })
  })
  it('are letters where somebody types', () => {
    expect(press({ key: 'x' }, put('<input>')).done).toEqual([])
    expect(press({ key: 'x' }, put('<input type="checkbox">')).done).toEqual([['select']])
  })
  it('do nothing behind an open panel', () => {
    put('<p>list</p><div role="dialog"></div>')
    expect(press({ key: 'x' }).done).toEqual([])
  })
  it('let a link that has the focus be followed', () => {
    expect(press({ key: 'Enter' }, put('<a href="/x">x</a>'))).toEqual({ done: [], prevented: false })
    expect(press({ key: 'Enter' }).done).toEqual([['open']])
  })
})
