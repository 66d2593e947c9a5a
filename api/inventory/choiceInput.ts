import { type ClassType, Field, InputType } from 'type-graphql'
import { anyKind } from '../../core/inventory/anyKind.ts'
import type { AssetFilter } from '../../core/inventory/filter.ts'
import { allKinds, type Kind } from '../../core/inventory/kinds.ts'
import { fault } from '../../core/platform/errors.ts'
import { filterOf } from './filters.ts'
import { singularOf } from './kinds.ts'
import { fieldsInputOf } from './kindTypes.ts'

const kinds = [anyKind, ...allKinds()]

/** One of several forms of an input, by kind. */
export type OneOfKinds = Record<string, Record<string, unknown> | null | undefined>

function oneOf(
  description: string,
  name: string,
  form: (kind: Kind) => { field: string; type: ClassType<object>; about: string },
): ClassType<OneOfKinds> {
  class OneOf {}
  for (const kind of kinds) {
    const { field, type, about } = form(kind)
    Field(() => type, { nullable: true, description: about })(OneOf.prototype, field)
  }
  InputType(name, { description })(OneOf)
  return OneOf as ClassType<OneOfKinds>
}

/** Assets by the filter of one of the lists. */
export const AssetsFilterInput = oneOf(
  'All assets of a list that fit a filter. Give exactly one.',
  'AssetsFilterInput',
  (kind) => ({
    field: kind.plural,
    type: filterOf(kind),
    about:
      kind === anyKind
        ? 'Assets of all kinds that fit; all live ones where it is empty.'
        : `The ${kind.plural} that fit; all live ones where it is empty.`,
  }),
)

/** Values for fields of one kind. */
export const AssetsSetInput = oneOf(
  'New values. Give exactly one: of a kind, for assets of that kind alone, or of what every asset has.',
  'AssetsSetInput',
  (kind) => ({
    field: singularOf(kind.typeName),
    type: fieldsInputOf(kind),
    about: kind === anyKind ? 'Fields that every asset has.' : `Fields of ${kind.plural}.`,
  }),
)

/** @throws UserFault when the filter is of none or of several lists */
export function filterIn(
  given: OneOfKinds | null | undefined,
  at = 'filter',
): { kind: Kind; filter: AssetFilter } | null {
  if (!given) return null
  const [plural, filter] = theOne(given, at)
  return { kind: kinds.find((kind) => kind.plural === plural)!, filter }
}

/** @throws UserFault when the values are of none or of several kinds */
export function valuesIn(given: OneOfKinds): { kind: Kind; form: string; values: Record<string, unknown> } {
  const [form, values] = theOne(given, 'set')
  return { kind: kinds.find(({ typeName }) => singularOf(typeName) === form)!, form, values }
}

function theOne(given: OneOfKinds, at: string): [string, Record<string, unknown>] {
  const forms = Object.entries(given).flatMap(([name, value]): [string, Record<string, unknown>][] =>
    value ? [[name, value]] : [],
  )
  if (forms.length !== 1) throw fault('INVALID', at, 'Give exactly one of its fields.')
  return forms[0]!
}
