import {
  type ClassType,
  createUnionType,
  Field,
  FieldResolver,
  InputType,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql'
import type { Fields } from '../../core/history/records.ts'
import { App } from '../../core/inventory/app.ts'
import { outputOptions, outputType } from '../../core/inventory/facts.ts'
import { type AppSpec, appSpecs, specOf } from '../../core/inventory/families.ts'
import { factOf, kindOf } from '../../core/inventory/kinds.ts'
import { fault } from '../../core/platform/errors.ts'
import { inputTypeOf } from './factInput.ts'
import { singularOf } from './kinds.ts'

const factsOf = (spec: AppSpec) => spec.facts.map((name) => factOf(kindOf('APP'), name)!)

const outputs = new Map(appSpecs.map((spec) => [spec.typeName, outputOf(spec)]))

function outputOf(spec: AppSpec): ClassType<object> {
  class Output {}
  for (const fact of factsOf(spec)) Field(outputType(fact), outputOptions(fact))(Output.prototype, fact.name)
  ObjectType(spec.typeName, { description: spec.description })(Output)
  return Output
}

const AppSpecUnion = createUnionType({
  name: 'AppSpec',
  description: 'How an application is set up; each family has a form of its own.',
  types: () => [...outputs.values()],
  resolveType: (app) => specOf((app as App).family, (app as App).databaseEngine).typeName,
})

/** OracleSpec → oracle, MySqlSpec → mySql: name of the form in `spec` of an input. */
export const formOf = (spec: AppSpec) => singularOf(spec.typeName.replace(/Spec$/, ''))

function inputOf(spec: AppSpec): ClassType<object> {
  class Input {}
  for (const fact of factsOf(spec))
    Field(inputTypeOf(fact), { nullable: true, description: outputOptions(fact).description })(
      Input.prototype,
      fact.name,
    )
  InputType(`${spec.typeName}Input`, { description: spec.description })(Input)
  return Input
}

/** `spec` of an input: the one form that fits the family. */
class SpecInput {}
for (const spec of appSpecs) {
  const input = inputOf(spec)
  Field(() => input, { nullable: true, description: spec.description })(SpecInput.prototype, formOf(spec))
}
InputType('AppSpecInput', {
  description: 'The form of one family; give exactly the one that fits the family of the application.',
})(SpecInput)
export const AppSpecInput: ClassType<object> = SpecInput

/** The facts of an input of an app, those of its specification beside the others. */
export function flattened({ spec, ...facts }: Fields): Fields {
  if (spec === undefined || spec === null) return facts
  const forms = Object.entries(spec).filter(([, value]) => value !== undefined && value !== null)
  if (forms.length > 1)
    throw fault('INVALID', 'spec', `Give one form only, not ${forms.map(([form]) => form).join(' and ')}.`)
  return { ...facts, ...(forms[0]?.[1] as Fields | undefined) }
}

@Resolver(() => App)
export class AppSpecResolver {
  @FieldResolver(() => AppSpecUnion, { description: 'How it is set up, in the form of its family.' })
  spec(@Root() app: App) {
    return app
  }
}
