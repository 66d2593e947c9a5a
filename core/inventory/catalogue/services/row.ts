import type { AppFamily } from '../../families.ts'

/** Name, family or families, tags. */
export type Row = [name: string, families: AppFamily | AppFamily[], ...tags: string[]]

/** What the catalogue says about a product. */
export interface BuiltInService {
  name: string
  families: AppFamily[]
  tags: string[]
  /** Run by somebody else, who sells it as a service. */
  managed: boolean
}

const read =
  (managed: boolean) =>
  (rows: Row[]): BuiltInService[] =>
    rows.map(([name, families, ...tags]) => ({ name, families: [families].flat(), tags, managed }))

/** Products that one installs and runs oneself. */
export const installed = read(false)

/** Services that a provider runs. */
export const managed = read(true)
