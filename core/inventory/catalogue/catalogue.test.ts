import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../dev/setup/projectRoot.ts'
import { AppFamily } from '../families.ts'
import { aws } from './providers/aws.ts'
import { builtInProviders } from './providers/all.ts'
import { builtInServices } from './services/all.ts'

const twice = (names: string[]) => names.filter((name, at) => names.indexOf(name) !== at)

describe('the shipped catalogue', () => {
  it('has 300 services and more, some of each family, installed and managed', () => {
    expect(builtInServices.length).toBeGreaterThanOrEqual(300)
    for (const family of Object.values(AppFamily))
      expect(
        builtInServices.filter(({ families }) => families.includes(family)).length,
        family,
      ).toBeGreaterThanOrEqual(3)
    expect(builtInServices.filter(({ managed }) => managed).length).toBeGreaterThan(150)
    expect(builtInServices.filter(({ managed }) => !managed).length).toBeGreaterThan(150)
  })

  it('names each service once, with families and tags once each', () => {
    expect(twice(builtInServices.map(({ name }) => name.toLowerCase()))).toEqual([])
    for (const { name, families, tags } of builtInServices) {
      expect(name).toBe(name.trim())
      expect(name.length, name).toBeLessThanOrEqual(180)
      expect(families.length, name).toBeGreaterThan(0)
      expect([...twice(families), ...twice(tags)], name).toEqual([])
    }
  })

  it('knows the commercial regions of AWS that its software development kit knows', () => {
    const text = readFileSync(
      join(
        projectRoot,
        'node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
      ),
      'utf8',
    )
    const [commercial] = /"id": "aws",[\s\S]*?"id": "aws-/.exec(text)!
    const known = [...commercial.matchAll(/"([a-z]{2}-[a-z]+-\d+)": \{/g)].map(([, code]) => code)
    expect(known.length).toBeGreaterThan(30)
    expect(aws.regions.map(({ code }) => code).sort()).toEqual(known.sort())
    expect(aws.regions.find(({ code }) => code === 'us-east-1')!.zones).toHaveLength(6)
    for (const { code, zones } of aws.regions) {
      expect(zones.length, code).toBeGreaterThanOrEqual(3)
      expect(zones.every((zone) => zone.startsWith(code))).toBe(true)
    }
  })

  it('tells providers, their regions and zones apart', () => {
    expect(twice(builtInProviders.map(({ code }) => code.toLowerCase()))).toEqual([])
    for (const { code, regions } of builtInProviders) {
      expect(twice(regions.map((region) => region.code)), code).toEqual([])
      expect(twice(regions.flatMap(({ zones }) => zones)), code).toEqual([])
    }
  })
})
