import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AssetFieldInfo } from '#lib/assets/kinds.svelte.ts'
import FilterBar from './FilterBar.svelte'

const environment: AssetFieldInfo = {
  name: 'environment',
  label: 'Environment',
  description: '',
  group: 'General',
  type: 'TEXT',
  unit: null,
  options: null,
  suggest: null,
  target: null,
  filterable: true,
  orderField: null,
  writable: true,
  required: false,
  maxLength: null,
  spec: false,
  itemFields: [],
}
const chips = [
  { field: 'environment', operator: 'is' as const, values: ['production', 'staging'] },
  { field: 'connection', operator: 'is' as const, values: ['c1'] },
]

function show() {
  const change = vi.fn()
  render(FilterBar, {
    kind: 'SERVER',
    fields: [environment],
    conditions: chips,
    names: { c1: 'aws-prod' },
    change,
  })
  return change
}

afterEach(cleanup)

describe('the filter bar', () => {
  it('says its chips in the words of the field and the name of the connection', () => {
    show()
    expect(screen.getByText('environment is production or staging')).toBeTruthy()
    expect(screen.getByText('connection is aws-prod')).toBeTruthy()
  })
  it('takes one chip away and leaves the others', async () => {
    const change = show()
    await fireEvent.click(screen.getByLabelText('Remove the filter “connection is aws-prod”'))
    expect(change).toHaveBeenCalledExactlyOnceWith([chips[0]])
  })
  it('looks everywhere for what is typed into the box', async () => {
    const change = show()
    const box = screen.getByLabelText('Filter by name, address, id…')
    await fireEvent.input(box, { target: { value: '  10.0.0 ' } })
    await fireEvent.submit(box.closest('form')!)
    expect(change).toHaveBeenCalledExactlyOnceWith([
      ...chips,
      { field: 'anywhere', operator: 'contains', values: ['10.0.0'] },
    ])
  })
  it('does nothing for an empty box', async () => {
    const change = show()
    await fireEvent.submit(screen.getByLabelText('Filter by name, address, id…').closest('form')!)
    expect(change).not.toHaveBeenCalled()
  })
})
