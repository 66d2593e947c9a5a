import { hex, randomFrom } from '../random.ts'
import { zoneLetters } from '../catalogue.ts'
import type { Survey } from './survey.ts'

export interface Place {
  vpcId: string
  /** Of the network as a whole; more than one where it has grown. */
  cidrs: string[]
  isDefault: boolean
  subnets: { subnetId: string; zone: string; cidr: string; used: number }[]
}

/** The networks that instances live in, with the subnets of each, and the default network, which is empty. */
export function placesOf({ account, region, instances }: Survey): Place[] {
  const places = new Map<string, Place>()
  for (const { vpcId, subnetId, zone, privateIp } of instances) {
    if (!vpcId || !subnetId) continue
    const place = places.get(vpcId) ?? { vpcId, cidrs: [], isDefault: false, subnets: [] }
    places.set(vpcId, place)
    const [first, second, third] = (privateIp ?? '10.255.0.1').split('.').map(Number)
    const cidr = `${first}.${second}.${Math.floor(third! / 64) * 64}.0/18`
    const whole = `${first}.${second}.0.0/16`
    if (privateIp && !place.cidrs.includes(whole)) place.cidrs.push(whole)
    const subnet = place.subnets.find((one) => one.subnetId === subnetId)
    if (!subnet) place.subnets.push({ subnetId, zone, cidr, used: 1 })
    else subnet.used++
  }
  return [...places.values(), defaultPlace(account, region)]
}

function defaultPlace(account: string, region: string): Place {
  const vpcId = `vpc-0${hex(randomFrom(account, region, 'default'), 16)}`
  return {
    vpcId,
    cidrs: ['172.31.0.0/16'],
    isDefault: true,
    subnets: zoneLetters.map((letter, index) => ({
      subnetId: `subnet-0${hex(randomFrom(vpcId, letter), 16)}`,
      zone: `${region}${letter}`,
      cidr: `172.31.${index * 16}.0/20`,
      used: 0,
    })),
  }
}

/** An id that follows from another one, so that it is the same each time. */
export const idFrom = (prefix: string, ...words: (string | number)[]) =>
  `${prefix}-0${hex(randomFrom(prefix, ...words), 16)}`
