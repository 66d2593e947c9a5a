import { flushSync } from 'svelte'
import { afterEach, describe, expect, it } from 'vitest'
import { draft } from './draft.svelte.ts'

const start = { name: 'web-1', secret: '', regions: [] as string[] }

/** What a component does between being shown and going away. */
function open(work: (form: ReturnType<typeof draft<typeof start>>) => void) {
  const close = $effect.root(() => {
    const form = draft('test', () => structuredClone(start), ['secret'])
    flushSync()
    work(form)
    flushSync()
  })
  close()
}

afterEach(() => sessionStorage.clear())

describe('unsaved input', () => {
  it('is still there after a reload', () => {
    open(({ values }) => {
      values.name = 'web-2'
      values.regions.push('eu-west-1')
    })
    open((form) => {
      expect(form.values).toEqual({ name: 'web-2', secret: '', regions: ['eu-west-1'] })
      expect(form.changed).toBe(true)
    })
  })
  it('never puts a secret into storage', () => {
    open(({ values }) => {
      values.secret = 'hunter2-hunter2'
      values.name = 'x'
    })
    expect(JSON.stringify({ ...sessionStorage })).not.toContain('hunter2')
  })
  it('is gone when it was saved or given up', () => {
    open((form) => {
      form.values.name = 'web-3'
      flushSync()
      form.forget()
    })
    open((form) => {
      expect(form.values.name).toBe('web-1')
      expect(form.changed).toBe(false)
    })
    expect(sessionStorage.length).toBe(0)
  })
  it('is not kept when everything was put back by hand', () => {
    open(({ values }) => {
      values.name = 'other'
      flushSync()
      values.name = 'web-1'
    })
    expect(sessionStorage.length).toBe(0)
  })
})
