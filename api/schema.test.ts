import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  GraphQLNonNull,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  parse,
  subscribe,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Unauthenticated } from '../core/platform/errors.ts'
import { doorOf } from './doors.ts'
import { buildApiSchema } from './schema.ts'
import { startTestApi, type TestApi } from './testing.ts'

const schema = buildApiSchema()

describe('the contract', () => {
  it('describes every type, field, argument and enum value', () => {
    expect(undescribed(schema)).toEqual([])
  })
})

describe('somebody who is not signed in', () => {
  let api: TestApi
  beforeAll(async () => void (api = await startTestApi({ schema })))
  afterAll(() => api.close())

  it.each(rootFields(schema, 'Query', 'Mutation'))(
    'finds $path open only if it is named as such',
    async ({ open, document, variables }) => {
      const { errors } = await api.query(document, variables)
      if (open) expect(errors?.[0]?.extensions.code).not.toBe('UNAUTHENTICATED')
      else expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    },
  )

  it.each(rootFields(schema, 'Subscription'))('cannot listen to $path', async ({ document, variables }) => {
    const result = await subscribe({
      schema,
      document: parse(document),
      variableValues: variables,
      contextValue: {},
    })
    expect(result).toMatchObject({ errors: [{ originalError: expect.any(Unauthenticated) }] })
    await expect(api.subscribe(document, variables).next()).rejects.toMatchObject({ code: 4403 })
  })

  it('does not learn the schema, in whatever disguise it is asked for', async () => {
    const { token } = await api.signUp()
    for (const document of [
      '{ __schema { queryType { name } } }',
      '{ hidden: __type(name: "User") { name } }',
      '{ ...F } fragment F on Query { ... { __schema { queryType { name } } } }',
    ]) {
      expect((await api.query(document)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
      expect((await api.query(document, {}, token)).errors).toBeUndefined()
    }
    expect((await api.query('{ __typename }')).data).toEqual({ __typename: 'Query' })
  })
})

function rootFields(schema: GraphQLSchema, ...names: ('Query' | 'Mutation' | 'Subscription')[]) {
  return names.flatMap((name) => {
    const type = schema.getType(name)
    if (!isObjectType(type)) throw new Error(`There is no ${name}.`)
    return Object.values(type.getFields()).map((field) => {
      const needed = field.args.filter((arg) => isNonNullType(arg.type))
      const declared = needed.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
      const given = needed.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
      const selection = isCompositeType(getNamedType(field.type)) ? '{ __typename }' : ''
      return {
        path: `${name}.${field.name}`,
        open: doorOf(field) === 'ANYBODY',
        document: `${name.toLowerCase()} ${declared && `(${declared})`} { ${field.name} ${given && `(${given})`} ${selection} }`,
        variables: Object.fromEntries(needed.map((arg) => [arg.name, something(arg.type)])),
      }
    })
  })
}

function something(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return something((type as GraphQLNonNull<never>).ofType)
  if (isListType(type)) return []
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (isInputObjectType(type))
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter((field) => isNonNullType(field.type))
        .map((field) => [field.name, something(field.type)]),
    )
  if (getNamedType(type).name === 'DateTimeISO') return '2030-01-01T00:00:00Z'
  return ['Int', 'Float'].includes(getNamedType(type).name) ? 1 : 'something'
}

function undescribed(schema: GraphQLSchema): string[] {
  const missing: string[] = []
  const expectDescription = (path: string, { description }: { description?: string | null }) => {
    if (!description) missing.push(path)
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || (isScalarType(type) && isSpecifiedScalarType(type))) continue
    if (!['Query', 'Mutation', 'Subscription'].includes(type.name)) expectDescription(type.name, type)
    if (isEnumType(type))
      for (const value of type.getValues()) expectDescription(`${type.name}.${value.name}`, value)
    if (isInputObjectType(type) || isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields())) {
        expectDescription(`${type.name}.${field.name}`, field)
        if ('args' in field)
          for (const arg of field.args) expectDescription(`${type.name}.${field.name}(${arg.name})`, arg)
      }
  }
  return missing
}
