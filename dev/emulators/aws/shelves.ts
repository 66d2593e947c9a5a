/** A value as it goes over the wire; what is null or undefined is left out. */
export type Value = string | number | boolean | null | undefined | Value[] | { [name: string]: Value }

/** A thing of the cloud, in the names and the nesting that its service gives it. */
export type Thing = Record<string, Value>

/** Things of one type in one region of an account, by the id under which the service lists them. */
export type Shelf = Map<string, Thing>

/** Makes what an account has of one type in a region; it is asked once. */
export type Stock = (account: string, region: string) => Iterable<[id: string, thing: Thing]>

/** All that the cloud has besides its instances, by type, such as `volumes` or `load-balancers`. */
export class Shelves {
  readonly #shelves = new Map<string, Shelf>()
  readonly #stock: Record<string, Stock>

  /** `stock` makes what is there at the beginning; a type that it does not know begins empty. */
  constructor(stock: Record<string, Stock>) {
    this.#stock = stock
  }

  of(account: string, region: string, type: string): Shelf {
    const key = `${account} ${region} ${type}`
    let shelf = this.#shelves.get(key)
    if (!shelf) this.#shelves.set(key, (shelf = new Map(this.#stock[type]?.(account, region))))
    return shelf
  }
}
