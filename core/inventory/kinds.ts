import type { ClassType } from 'type-graphql'
import { type Fact, factsOf } from './facts.ts'
import type { Asset } from './asset.ts'

/** A kind of asset: one class, from whose facts everything else derives. */
export interface Kind {
  /** Stored in `kind` and used in the API's `AssetKind`, such as SERVER. */
  kind: string
  /** Name of its GraphQL type, such as Server. */
  typeName: string
  /** Field of the API that lists it, such as servers. */
  plural: string
  description: string
  assetClass: ClassType<Asset>
  facts: Fact[]
}

const kinds = new Map<string, Kind>()

/** Makes a class a kind of asset. */
export function AssetKind(options: { kind: string; plural: string; description: string }): ClassDecorator {
  return (target) => {
    const assetClass = target as unknown as ClassType<Asset>
    kinds.set(options.kind, { ...options, typeName: assetClass.name, assetClass, facts: factsOf(assetClass) })
  }
}

export const allKinds = () => [...kinds.values()]

export function kindOf(kind: string): Kind {
  const found = kinds.get(kind)
  if (!found) throw new Error(`"${kind}" is not a kind of asset`)
  return found
}

export const kindOfClass = (assetClass: ClassType<Asset>): Kind =>
  allKinds().find((kind) => kind.assetClass === assetClass)!

export const assetTypeName = (kind: string) => kindOf(kind).typeName

export const factOf = (kind: Kind, name: string) => kind.facts.find((fact) => fact.name === name)
