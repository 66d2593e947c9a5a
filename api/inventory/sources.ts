import { GraphQLJSON } from 'graphql-scalars'
import { Ctx, Field, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from '../../core/discovery/connection.ts'
import type { Declaration } from '../../core/inventory/asset.ts'
import type { Fact } from '../../core/inventory/facts.ts'
import { factOf, type Kind } from '../../core/inventory/kinds.ts'
import { type Observed, ObservationState } from '../../core/inventory/observation.ts'
import type { Session } from '../../core/platform/session.ts'
import { Run } from '../../core/runs/run.ts'
import { connectionsById, runsById } from '../byId.ts'
import { apiValue } from './apiValue.ts'
import { seenAt } from './lastSeen.ts'

@ObjectType({ description: 'What one source says of an asset.' })
export class Observation {
  constructor(
    private readonly kind: Kind,
    private readonly observed: Observed,
  ) {}

  @Field(() => Connection, {
    nullable: true,
    description: 'Through which it is seen; null when you may not see that.',
  })
  connection(@Ctx() session: Session) {
    return connectionsById(session).load(this.observed.connection)
  }

  @Field(() => Run, {
    nullable: true,
    description: 'Run that first read these values; null when you may not see it.',
  })
  run(@Ctx() session: Session) {
    return runsById(session).load(this.observed.run)
  }

  @Field(() => String, { nullable: true, description: 'Region of the source; null where it has none.' })
  region() {
    return this.observed.region
  }

  @Field(() => String, { description: 'What the source was asked to list, such as instances.' })
  resource() {
    return this.observed.resource
  }

  @Field(() => String, { description: "The source's own id of it." })
  externalId() {
    return this.observed.externalId
  }

  @Field(() => ObservationState, { description: 'Whether the source still reports it.' })
  state() {
    return this.observed.state
  }

  @Field(() => Date, { description: 'Since when the source says this.' })
  changedAt() {
    return this.observed.changedAt
  }

  @Field(() => Date, {
    nullable: true,
    description: 'Newest moment at which the source is known to have said this.',
  })
  lastSeenAt(@Ctx() session: Session) {
    return seenAt(session, this.observed)
  }

  @Field(() => GraphQLJSON, {
    description: 'Values by field; what is absent is not reported. A reference is told by its name.',
  })
  async values(@Ctx() session: Session) {
    const entries = Object.entries(this.observed.values).map(async ([name, value]) => [
      name,
      await apiValue(session, factOf(this.kind, name), value),
    ])
    return Object.fromEntries(await Promise.all(entries)) as object
  }
}

export enum FieldOrigin {
  OBSERVED = 'OBSERVED',
  DECLARED = 'DECLARED',
}
registerEnumType(FieldOrigin, {
  name: 'FieldOrigin',
  description: 'Where a value comes from.',
  valuesConfig: {
    OBSERVED: { description: 'A source reports it.' },
    DECLARED: { description: 'A person has set it; no crawl overwrites it.' },
  },
})

@ObjectType({ description: 'Where the value of one field comes from.' })
export class FieldProvenance {
  constructor(
    private readonly fact: Fact,
    private readonly declaration: Declaration | undefined,
    private readonly observed: Observed | undefined,
  ) {}

  @Field(() => String, { description: 'Name of the field.' })
  field() {
    return this.fact.name
  }

  @Field(() => FieldOrigin, { description: 'Who has said it.' })
  origin() {
    return this.declaration ? FieldOrigin.DECLARED : FieldOrigin.OBSERVED
  }

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'The value that is in effect; a reference is told by its name.',
  })
  value(@Ctx() session: Session) {
    return apiValue(
      session,
      this.fact,
      this.declaration ? this.declaration.value : this.observed?.values[this.fact.name],
    )
  }

  @Field(() => Connection, { nullable: true, description: 'Source that reports this field, if any.' })
  connection(@Ctx() session: Session) {
    return this.observed ? connectionsById(session).load(this.observed.connection) : null
  }

  @Field(() => Date, { nullable: true, description: 'Since when the source says what it says now.' })
  observedAt() {
    return this.observed?.changedAt
  }

  @Field(() => Date, {
    nullable: true,
    description: 'Newest moment at which the source is known to have said it.',
  })
  lastSeenAt(@Ctx() session: Session) {
    return this.observed ? seenAt(session, this.observed) : null
  }

  @Field(() => String, { nullable: true, description: 'Who has set a declared value.' })
  declaredBy() {
    return this.declaration?.by
  }

  @Field(() => Date, { nullable: true, description: 'When it was set.' })
  declaredAt() {
    return this.declaration?.at
  }
}

@ObjectType({ description: 'A field whose declared value differs from what a source reports.' })
export class FieldDrift {
  constructor(
    private readonly fact: Fact,
    private readonly declaration: Declaration | undefined,
    private readonly observation: Observed | undefined,
  ) {}

  @Field(() => String, { description: 'Name of the field.' })
  field() {
    return this.fact.name
  }

  @Field(() => GraphQLJSON, { nullable: true, description: 'What a person has set; this is in effect.' })
  declared(@Ctx() session: Session) {
    return apiValue(session, this.fact, this.declaration?.value)
  }

  @Field(() => GraphQLJSON, { nullable: true, description: 'What the source reports.' })
  observed(@Ctx() session: Session) {
    return apiValue(session, this.fact, this.observation?.values[this.fact.name])
  }

  @Field(() => Connection, { nullable: true, description: 'The source; null when you may not see it.' })
  connection(@Ctx() session: Session) {
    return this.observation ? connectionsById(session).load(this.observation.connection) : null
  }

  @Field(() => Date, { nullable: true, description: 'Since when the source says this.' })
  observedAt() {
    return this.observation?.changedAt
  }
}
