import { describe, expect, it } from 'vitest'
import { faults, settingsInput, type ConnectionValues, type Crawler } from './formInput.ts'

const field = (name: string, type: Crawler['fields'][number]['type'], required: boolean) => ({
  name,
  type,
  required,
  label: name,
  description: '',
  placeholder: null,
})
const aws: Crawler = {
  provider: 'aws',
  name: 'AWS',
  description: '',
  usesRegions: true,
  regions: [{ name: 'eu-west-1', label: 'Ireland' }],
  fields: [
    field('accessKeyId', 'TEXT', true),
    field('secretAccessKey', 'SECRET', true),
    field('endpoint', 'URL', false),
  ],
  resources: [],
}
const typed: ConnectionValues = {
  name: 'aws-prod',
  provider: 'aws',
  datacenter: { id: 'd1', name: 'Ireland' },
  regions: ['eu-west-1'],
  settings: { accessKeyId: ' AKIA1 ', secretAccessKey: 's3cret', endpoint: '' },
  files: [],
}

describe('connection form', () => {
  it('sends what was typed, without blanks around it and without empty settings', () => {
    expect(settingsInput(aws, typed, null)).toEqual([
      { name: 'accessKeyId', value: 'AKIA1' },
      { name: 'secretAccessKey', value: 's3cret' },
    ])
  })
  it('leaves a stored secret alone and sends only what differs', () => {
    const values = { ...typed, settings: { accessKeyId: 'AKIA1', secretAccessKey: '', endpoint: '' } }
    expect(settingsInput(aws, values, { accessKeyId: 'AKIA1', endpoint: 'https://old' })).toEqual([
      { name: 'endpoint', value: '' },
    ])
  })
  it('asks for what is missing, but not for a secret that the server has', () => {
    const values = { ...typed, name: ' ', regions: [], settings: { accessKeyId: 'AKIA1' } }
    expect(Object.keys(faults(aws, values, []))).toEqual(['name', 'regions', 'secretAccessKey'])
    expect(Object.keys(faults(aws, values, ['secretAccessKey']))).toEqual(['name', 'regions'])
  })
})
