import type { GraphQLResolveInfo } from 'graphql'
import { GraphQLJSON } from 'graphql-scalars'
import { Arg, Ctx, Field, Info, InputType, Mutation, ObjectType, Resolver } from 'type-graphql'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { kindOf } from '../../core/inventory/kinds.ts'
import { createExport } from '../../core/transfer/exports.ts'
import { FileFormat } from '../../core/transfer/format.ts'
import { AssetKinds } from '../inventory/kinds.ts'
import { Payload, payload } from '../userErrors.ts'
import { listInput } from './filterInput.ts'

@InputType({ description: 'A list that is wanted as a file.' })
class ExportCreateInput {
  @Field(() => AssetKinds, { description: 'Of which kind of asset.' })
  kind!: string

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: "Which ones: the filter of the kind's list, such as ServerFilter, as JSON.",
  })
  filter?: unknown

  @Field(() => [GraphQLJSON], {
    nullable: true,
    description: "In which order: the orderBy of the kind's list, as JSON; by name unless said otherwise.",
  })
  orderBy?: unknown[] | null

  @Field(() => [String], {
    nullable: true,
    description:
      'Names of fields, besides them id, version, createdAt, updatedAt and retiredAt; id, version and every field unless said otherwise.',
  })
  columns?: string[] | null

  @Field(() => FileFormat, { description: 'How the file is written.' })
  format!: FileFormat
}

@ObjectType({ description: 'Answer to asking for a file of assets.' })
class ExportCreatePayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description:
      'Path on this server to GET the file from, within ten minutes and for this sign-in. It contains what you may see when you fetch it.',
  })
  url?: string | null
}

@Resolver()
export class ExportResolver {
  @Mutation(() => ExportCreatePayload, {
    description:
      'Prepares a list as a file, whatever its length. Nothing is read before the file is fetched.',
  })
  exportCreate(
    @Arg('input', () => ExportCreateInput, { description: 'What to export.' }) input: ExportCreateInput,
    @Ctx() session: CallerSession,
    @Info() { schema }: GraphQLResolveInfo,
  ) {
    return payload(async () =>
      createExport(session, { ...input, ...listInput(schema, kindOf(input.kind), input) }),
    )
  }
}
