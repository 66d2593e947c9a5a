import { ObjectId } from 'mongodb'
import type { GraphSize } from './graph.ts'

/** Where in each thousand changes a change set begins: single edits, small imports, large ones. */
const starts = [0, 1, 2, 3, 5, 9, 17, 33, 65, 130]
const block = 1000
const setOfPlace = Array.from(
  { length: block },
  (_, place) => starts.filter((start) => start <= place).length - 1,
)

const firstDay = Date.UTC(2025, 0, 1)
const year = 365 * 24 * 3600_000

/** Of how many edges one has ended. */
const endedOf = 50

/**
 * When each change of a graph has happened, as a place among all of them: first what brings the graph into being, then
 * an asset after the other in rounds, with the ends of some edges between. No change set touches a record twice.
 */
export class GraphHistory {
  readonly sets: number
  private readonly assets: number
  private readonly edges: number
  private readonly updatesFrom: number
  private readonly updates: number
  private readonly ends: number
  /** Of so many places among the updates the first ends an edge, until all ends are told. */
  private readonly stride: number
  private readonly step: number

  constructor(private readonly size: GraphSize) {
    const { datacenters, networks, servers, apps, systems, clients, relations, changes } = size
    this.sets = (changes / block) * starts.length
    this.assets = datacenters + networks + servers + apps + systems + clients
    this.edges = relations - servers
    this.updatesFrom = this.assets + relations
    this.updates = changes - this.updatesFrom
    this.ends = Math.ceil(this.edges / endedOf)
    this.stride = Math.floor(this.updates / this.ends)
    this.step = coprime(Math.floor(this.assets * 0.618), this.assets)
  }

  /** Of an asset by its place in the order of kinds; that of a server is followed by its place in a datacenter. */
  creationOfAsset(index: number): number {
    const { datacenters, networks, servers } = this.size
    const before = index - datacenters - networks
    return index + Math.max(0, Math.min(before, servers))
  }

  creationOfEdge = (index: number) => this.assets + this.size.servers + index

  updatesOfAsset(index: number): number[] {
    const places: number[] = []
    for (let n = (index * this.step) % this.assets; ; n += this.assets) {
      const place = n + Math.min(this.ends, Math.floor(n / (this.stride - 1)) + 1)
      if (place >= this.updates) return places
      places.push(this.updatesFrom + place)
    }
  }

  /** Undefined for the edges that still hold. */
  endOfEdge(index: number): number | undefined {
    return index % endedOf ? undefined : this.updatesFrom + (index / endedOf) * this.stride
  }

  setOf = (change: number) =>
    Math.floor(change / block) * starts.length + setOfPlace[Math.floor(change) % block]!

  timeOf = (set: number) => new Date(firstDay + Math.floor((set / this.sets) * year))

  setId = (set: number) => idAt(this.timeOf(set), 0, set)
  changeId = (change: number) => idAt(this.timeOf(this.setOf(change)), 1, change)
}

/** Ids grow with time, as those that the driver makes; history is read in their order. */
function idAt(time: Date, about: number, counter: number): ObjectId {
  const id = Buffer.alloc(12)
  id.writeUInt32BE(Math.floor(time.getTime() / 1000))
  id.writeUInt32BE(about, 4)
  id.writeUInt32BE(counter, 8)
  return new ObjectId(id)
}

function coprime(from: number, to: number): number {
  const divisor = (a: number, b: number): number => (b ? divisor(b, a % b) : a)
  let found = Math.max(1, from)
  while (divisor(found, to) !== 1) found++
  return found
}
