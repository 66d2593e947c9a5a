import type { UserErrors } from '#lib/client.ts'

/** What every entry of the catalogue tells about itself. */
export type Entry = { id: string; version: number; shipped: boolean; edited: boolean; hidden: boolean }

type Change<Row> = Promise<{ entry: Row | null; userErrors: UserErrors }>

/** How the entries of one type are kept. */
export interface Shelf<Row extends Entry, Input> {
  nameOf(row: Row): string
  /** What an input that adds the same would say. */
  inputOf(row: Row): Input
  create(input: Input): Change<Row>
  update(input: Partial<Input> & { id: string; version: number; hidden?: boolean }): Change<Row>
  delete(id: string): Change<Row>
  restore(id: string): Change<Row>
}
