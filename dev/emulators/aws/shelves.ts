/** A value as it goes over the wire; what is null or undefined is left out. */
export type Value = string | number | boolean | null | undefined | Value[] | { [name: string]: Value }

/** A thing of the cloud, in the names and the nesting that its service gives it. */
export type Thing = Record<string, Value>

/** Things of one type in one region of an account, by the id under which the service lists them. */
export type Shelf = Map<string, Thing>

/** Makes what an account has of one type in a region, around its instances. */
export type Stock = (account: string, region: string) => Iterable<[id: string, thing: Thing]>

interface Stocked {
  shelf: Shelf
  /** What was on it by itself, by id. */
  made: Map<string, Thing>
  /** What somebody took away, and does not come back by itself. */
  taken: Set<string>
  generation: number
}

/** All that the cloud has besides its instances, by type, such as `volumes` or `load-balancers`. */
export class Shelves {
  readonly #shelves = new Map<string, Stocked>()
  readonly #stock: Record<string, Stock>
  readonly #generation: (account: string, region: string) => number

  /**
   * `stock` makes what is there; a type that it does not know begins empty. When the instances of a region have another
   * `generation`, it makes it anew, and only what somebody has put or taken by hand stays as it is.
   */
  constructor(stock: Record<string, Stock>, generation: (account: string, region: string) => number) {
    this.#stock = stock
    this.#generation = generation
  }

  of(account: string, region: string, type: string): Shelf {
    const key = `${account} ${region} ${type}`
    const make = this.#stock[type]
    const generation = make ? this.#generation(account, region) : 0
    let stocked = this.#shelves.get(key)
    if (!stocked) {
      stocked = { shelf: new Map(), made: new Map(), taken: new Set(), generation: NaN }
      this.#shelves.set(key, stocked)
    }
    if (make && stocked.generation !== generation) {
      restock(stocked, new Map(make(account, region)))
      stocked.generation = generation
    }
    return stocked.shelf
  }
}

function restock(stocked: Stocked, made: Map<string, Thing>): void {
  const { shelf, taken } = stocked
  for (const [id, thing] of stocked.made) {
    if (!shelf.has(id)) taken.add(id)
    else if (shelf.get(id) === thing) shelf.delete(id)
  }
  for (const [id, thing] of made) if (!shelf.has(id) && !taken.has(id)) shelf.set(id, thing)
  stocked.made = made
}
