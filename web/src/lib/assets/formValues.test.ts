import { describe, expect, it } from 'vitest'
import { fault, toForm, toInput } from './formValues.ts'
import type { AssetFieldInfo } from './kinds.svelte.ts'

const field = (
  name: string,
  type: AssetFieldInfo['type'],
  more: Partial<AssetFieldInfo> = {},
): AssetFieldInfo => ({
  name,
  label: name.toUpperCase(),
  description: '',
  group: 'General',
  type,
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
  ...more,
})
const item = (
  name: string,
  more: Partial<AssetFieldInfo['itemFields'][number]> = {},
): AssetFieldInfo['itemFields'][number] => ({
  name,
  label: name,
  description: '',
  type: 'TEXT',
  unit: null,
  options: null,
  suggest: null,
  required: false,
  ...more,
})
const fields = [
  field('name', 'TEXT', { required: true, maxLength: 10 }),
  field('cpu', 'NUMBER'),
  field('role', 'TEXT'),
  field('regions', 'LIST'),
  field('instanceId', 'TEXT', { writable: false }),
  field('tags', 'OBJECTS', { itemFields: [item('key'), item('value')] }),
  field('encrypted', 'BOOLEAN'),
  field('server', 'REFERENCE', { target: 'SERVER' }),
  field('disks', 'OBJECTS', {
    itemFields: [item('name', { required: true }), item('sizeGiB', { type: 'NUMBER', label: 'Size' })],
  }),
]
const asset = {
  name: 'web-1',
  cpu: 4,
  role: 'web',
  regions: ['eu-west-1'],
  instanceId: 'i-1',
  tags: [{ key: 'Owner', value: 'ops' }],
}

describe('asset form', () => {
  it('sends nothing when nothing was changed', () => {
    expect(toInput(fields, toForm(fields, asset), toForm(fields, asset))).toEqual({})
  })
  it('sends numbers as numbers, trims text and clears what was emptied', () => {
    const values = { ...toForm(fields, asset), name: ' web-2 ', cpu: '8', role: '' }
    expect(toInput(fields, values, toForm(fields, asset))).toEqual({ name: 'web-2', cpu: 8, role: null })
  })
  it('leaves out tags without a key, and fields that only sources write', () => {
    const values = {
      ...toForm(fields, asset),
      tags: [
        { key: 'Owner', value: 'web' },
        { key: ' ', value: '' },
      ],
    }
    expect(toInput(fields, values, toForm(fields, asset))).toEqual({ tags: [{ key: 'Owner', value: 'web' }] })
    expect(values).not.toHaveProperty('instanceId')
  })
  it('begins a new record with the usual choice and sends everything given', () => {
    const status = field('status', 'ENUM', { required: true, options: ['ACTIVE', 'STOPPED'] })
    const values = toForm([...fields, status], null)
    expect(values.status).toBe('ACTIVE')
    expect(toInput([...fields, status], { ...values, name: 'web-9' }, null)).toEqual({
      name: 'web-9',
      status: 'ACTIVE',
    })
  })
  it('sends items, references and choices in the types of the API', () => {
    const values = {
      ...toForm(fields, null),
      encrypted: 'false',
      server: { id: 's1', name: 'web-1' },
      disks: [
        { name: 'root', sizeGiB: '8' },
        { name: '', sizeGiB: '' },
      ],
    }
    expect(toInput(fields, values, null)).toEqual({
      encrypted: false,
      server: 's1',
      disks: [{ name: 'root', sizeGiB: 8 }],
    })
  })
  it('says which entry is wrong', () => {
    const disks = fields.find(({ name }) => name === 'disks')!
    expect(fault(disks, [{ name: '', sizeGiB: '8' }])).toBe('Entry 1 needs name.')
    expect(fault(disks, [{ name: 'root', sizeGiB: 'big' }])).toContain('Size of entry 1 must be a number')
    expect(fault(disks, [{ name: '', sizeGiB: '' }])).toBeNull()
  })
  it('says what is wrong in words', () => {
    expect(fault(fields[0]!, '')).toContain('needed')
    expect(fault(fields[0]!, 'a name too long')).toContain('at most 10')
    expect(fault(fields[1]!, 'four')).toContain('number')
    expect(fault(fields[2]!, '')).toBeNull()
  })
})
