import type { Call } from '../actions.ts'
import { Fault } from '../fault.ts'
import { pageOf } from '../listing.ts'
import { numbered } from '../numbered.ts'
import type { Thing, Value } from '../shelves.ts'
import { xmlOf } from '../xml.ts'

interface Listing {
  /** Of the shelf. */
  type: string
  /** Element around the things. */
  set: string
  /** Element with the id, whose name is that of the parameter, too. */
  id: string
  /** What a refusal calls the id, such as `InvalidVolume`. */
  refusal: string
  /** The smallest and the largest page; without it there are no pages. */
  sizes?: [smallest: number, largest: number]
  /** Element with the owner, where the owners of a region's things differ. */
  owner?: string
  /** Where to find what a filter asks for, by the filter's name. */
  filters: Record<string, string>
}

/** An action of EC2 that lists things in pages, by ids, by owners, or by filters. */
export function describe({ type, set, id, refusal, sizes, owner, filters }: Listing) {
  return async (call: Call): Promise<Buffer> => {
    const { params, account, region, world } = call
    const parameter = id[0]!.toUpperCase() + id.slice(1)
    const ids = numbered(params, parameter)
    const tests = testsOf(params, filters)
    if (owner) {
      const owners = numbered(params, 'Owner').map((one) => (one === 'self' ? account.account : one))
      if (owners.length) tests.push((thing) => owners.includes(String(thing[owner])))
    }
    if (ids.length) {
      const shelf = world.shelves.of(account.account, region, type)
      const missing = ids.find((one) => !shelf.has(one))
      if (missing) throw new Fault(400, `${refusal}.NotFound`, `The ${id} '${missing}' does not exist`)
      tests.push((thing) => ids.includes(String(thing[id])))
    }
    const { things, next } = await pageOf(call, type, {
      size: sizeOf(params, ids, sizes),
      token: params.get('NextToken'),
      only: (thing) => tests.every((test) => test(thing)),
    })
    const list = things.length
      ? `<${set}>${things.map((thing) => `<item>${xmlOf(thing, 'item')}</item>`).join('')}</${set}>`
      : `<${set}/>`
    const token = next ? `<nextToken>${next}</nextToken>` : ''
    return Buffer.from(`${list}${token}</${params.get('Action')}Response>`)
  }
}

function sizeOf(params: URLSearchParams, ids: string[], sizes: Listing['sizes']): number {
  const text = params.get('MaxResults')
  if (!sizes) {
    if (text === null) return Infinity
    throw new Fault(400, 'UnknownParameter', 'The parameter MaxResults is not recognized')
  }
  const [smallest, largest] = sizes
  if (text === null) return largest
  if (ids.length)
    throw new Fault(
      400,
      'InvalidParameterCombination',
      'The parameter maxResults cannot be used with a list of ids',
    )
  const size = Number(text)
  if (Number.isInteger(size) && size >= smallest && size <= largest) return size
  throw new Fault(
    400,
    'InvalidParameterValue',
    `Value ( ${text} ) for parameter maxResults is invalid. Expecting a value between ${smallest} and ${largest}.`,
  )
}

type Test = (thing: Thing) => boolean

function testsOf(params: URLSearchParams, paths: Record<string, string>): Test[] {
  const tests: Test[] = []
  for (let i = 1; params.has(`Filter.${i}.Name`); i++) {
    const name = params.get(`Filter.${i}.Name`)!
    const wanted = numbered(params, `Filter.${i}.Value`)
    if (name.startsWith('tag:')) {
      const key = name.slice(4)
      tests.push(({ tagSet }) =>
        ((tagSet as Record<string, Value>[] | undefined) ?? []).some(
          (tag) => tag.key === key && wanted.includes(String(tag.value)),
        ),
      )
    } else {
      const path = paths[name]?.split('.')
      if (!path) throw new Fault(400, 'InvalidParameterValue', `The filter '${name}' is invalid`)
      tests.push((thing) => valuesAt(thing, path).some((value) => wanted.includes(String(value))))
    }
  }
  return tests
}

/** What stands at the end of a path, in every element of the lists on its way. */
function valuesAt(value: Value, path: string[]): Value[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, path))
  const [first, ...rest] = path
  if (first === undefined) return [value]
  return typeof value === 'object' && value !== null ? valuesAt(value[first], rest) : []
}
