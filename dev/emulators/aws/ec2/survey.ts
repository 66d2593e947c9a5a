import type { Instance } from '../instance.ts'
import type { Thing } from '../shelves.ts'
import type { World } from '../world.ts'

/** A region of an account, and the instances in it that still have something around them. */
export interface Survey {
  account: string
  region: string
  instances: Instance[]
}

export type Made = [id: string, thing: Thing][]

const kept = new WeakMap<World, Map<string, { generation: number; survey: Survey }>>()

/** What is there now; looked up once for all types, until the instances change. */
export function survey(world: World, account: string, region: string): Survey {
  const estate = world.estate(account, region)
  const surveys = kept.get(world) ?? new Map<string, { generation: number; survey: Survey }>()
  kept.set(world, surveys)
  const key = `${account} ${region}`
  const known = surveys.get(key)
  if (known?.generation === estate.generation) return known.survey
  const instances = [...estate.ordinals()]
    .map((ordinal) => estate.at(ordinal))
    .filter(({ state }) => state !== 'terminated')
  const fresh = { account, region, instances }
  surveys.set(key, { generation: estate.generation, survey: fresh })
  return fresh
}

/** Tags in the names of EC2; without any, the element is empty. */
export const tagSet = (tags: Record<string, string>) =>
  Object.entries(tags).map(([key, value]) => ({ key, value }))
