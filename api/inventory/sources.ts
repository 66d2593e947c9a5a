import { GraphQLJSON } from 'graphql-scalars'
import { Ctx, Field, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from '../../core/discovery/connection.ts'
import { lookingBack } from '../../core/inventory/asOf.ts'
import type { Asset, Declaration } from '../../core/inventory/asset.ts'
import { observationFor } from '../../core/inventory/effective.ts'
import type { Fact } from '../../core/inventory/facts.ts'
import { factOf, type Kind, kindOf } from '../../core/inventory/kinds.ts'
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
    private readonly asOf: Date | undefined,
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
    return seenAt(lookingBack(session, this.asOf), this.observed)
  }

  @Field(() => GraphQLJSON, {
    description: 'Values by field; what is absent is not reported. A reference is told by its name.',
  })
  async values(@Ctx() session: Session) {
    const entries = Object.entries(this.observed.values).map(async ([name, value]) => [
      name,
      await apiValue(lookingBack(session, this.asOf), factOf(this.kind, name), value),
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

/**
 * A page of servers has thousands of these. What is the same for a whole observation is therefore read before they are
 * made, and their fields are plain values, which cost GraphQL neither a call nor a promise each.
 */
@ObjectType({ simpleResolvers: true, description: 'Where the value of one field comes from.' })
export class FieldProvenance {
  @Field(() => String, { description: 'Name of the field.' })
  field: string

  @Field(() => FieldOrigin, { description: 'Who has said it.' })
  origin: FieldOrigin

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'The value that is in effect; a reference is told by its name.',
  })
  value(@Ctx() session: Session) {
    const value = this.declaration ? this.declaration.value : this.source?.observed.values[this.fact.name]
    return apiValue(lookingBack(session, this.asOf), this.fact, value)
  }

  @Field(() => Connection, { nullable: true, description: 'Source that reports this field, if any.' })
  connection: Connection | null

  @Field(() => Date, { nullable: true, description: 'Since when the source says what it says now.' })
  observedAt?: Date

  @Field(() => Date, {
    nullable: true,
    description: 'Newest moment at which the source is known to have said it.',
  })
  lastSeenAt: Date | null

  @Field(() => String, { nullable: true, description: 'Who has set a declared value.' })
  declaredBy?: string

  @Field(() => Date, { nullable: true, description: 'When it was set.' })
  declaredAt?: Date

  constructor(
    private readonly fact: Fact,
    private readonly declaration: Declaration | undefined,
    private readonly source: Source | undefined,
    private readonly asOf: Date | undefined,
  ) {
    this.field = fact.name
    this.origin = declaration ? FieldOrigin.DECLARED : FieldOrigin.OBSERVED
    this.connection = source?.connection ?? null
    this.observedAt = source?.observed.changedAt
    this.lastSeenAt = source?.lastSeenAt ?? null
    this.declaredBy = declaration?.by
    this.declaredAt = declaration?.at
  }
}

/** One observation with what the fields that it reports have in common; null where it was not asked for. */
interface Source {
  observed: Observed
  connection: Connection | null
  lastSeenAt: Date | null
}

/** Per fact that has been declared or observed. */
export async function provenanceOf(
  session: Session,
  asset: Asset,
  wanted: { connection: boolean; lastSeenAt: boolean },
): Promise<FieldProvenance[]> {
  const sources = await Promise.all(
    asset.observations.map(async (observed) => {
      const [connection, lastSeenAt] = await Promise.all([
        wanted.connection ? connectionsById(session).load(observed.connection) : null,
        wanted.lastSeenAt ? seenAt(session, observed) : null,
      ])
      return { observed, connection, lastSeenAt }
    }),
  )
  return kindOf(asset.kind).facts.flatMap((fact) => {
    const declaration = asset.declared[fact.name]
    const observed = observationFor(asset.observations, fact.name)
    if (!declaration && !observed) return []
    return new FieldProvenance(
      fact,
      declaration,
      sources.find((source) => source.observed === observed),
      asset.asOf,
    )
  })
}

@ObjectType({ description: 'A field whose declared value differs from what a source reports.' })
export class FieldDrift {
  constructor(
    private readonly fact: Fact,
    private readonly declaration: Declaration | undefined,
    private readonly observation: Observed | undefined,
    private readonly asOf: Date | undefined,
  ) {}

  @Field(() => String, { description: 'Name of the field.' })
  field() {
    return this.fact.name
  }

  @Field(() => GraphQLJSON, { nullable: true, description: 'What a person has set; this is in effect.' })
  declared(@Ctx() session: Session) {
    return apiValue(lookingBack(session, this.asOf), this.fact, this.declaration?.value)
  }

  @Field(() => GraphQLJSON, { nullable: true, description: 'What the source reports.' })
  observed(@Ctx() session: Session) {
    return apiValue(lookingBack(session, this.asOf), this.fact, this.observation?.values[this.fact.name])
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
