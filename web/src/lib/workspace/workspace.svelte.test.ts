import { beforeEach, describe, expect, it, vi } from 'vitest'
import { session } from '#lib/session/session.svelte.ts'
import { choose, rename, reset, workspace, workspaceHeader } from './workspace.svelte.ts'

const opened: string[] = []

function be(id: string | null) {
  session.user = id ? ({ id, name: id, email: `${id}@example.org`, administrator: false } as never) : null
}

beforeEach(() => {
  localStorage.clear()
  opened.length = 0
  vi.stubGlobal('location', {
    pathname: '/servers',
    search: '?f=role:is:web&after=abc&edit=1',
    assign: (path: string) => opened.push(path),
  })
  be('somebody else')
  be(`person ${Math.random()}`)
})

describe('the chosen workspace', () => {
  it('is everything until another is chosen', () => {
    expect(workspaceHeader()).toBe('everything')
    expect(workspace.isNarrow).toBe(false)
  })

  it('opens the same page anew, without the place in a list that the other had', () => {
    choose('team-1', 'Platform')
    expect(workspaceHeader()).toBe('team-1')
    expect(workspace.name).toBe('Platform')
    expect(opened).toEqual(['/servers?f=role%3Ais%3Aweb'])
  })

  it('does nothing when it is chosen already', () => {
    choose('everything')
    expect(opened).toEqual([])
  })

  it('belongs to the person, not to the browser', () => {
    const me = session.user!.id
    choose('mine')
    be('another')
    expect(workspaceHeader()).toBe('everything')
    be(me)
    expect(workspaceHeader()).toBe('mine')
  })

  it('is everything while nobody is signed in', () => {
    choose('mine')
    be(null)
    expect(workspaceHeader()).toBe('everything')
  })

  it('takes the new name of its team', () => {
    choose('team-1', 'Platform')
    rename('Platform and tools')
    expect(workspace.name).toBe('Platform and tools')
    expect(workspaceHeader()).toBe('team-1')
  })

  it('is everything again once it is gone, and is kept no longer', () => {
    choose('team-1', 'Platform')
    reset()
    expect(workspaceHeader()).toBe('everything')
    expect(localStorage.length).toBe(0)
  })

  it('is everything when what was kept cannot be read', () => {
    localStorage.setItem(`maestro.workspace.${session.user!.id}`, '{')
    expect(workspaceHeader()).toBe('everything')
  })
})
