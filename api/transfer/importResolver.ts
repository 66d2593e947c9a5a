import type { ObjectId } from 'mongodb'
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { findChangeSetsById } from '../../core/history/read.ts'
import { ChangeSet } from '../../core/history/records.ts'
import type { Session } from '../../core/platform/session.ts'
import { findLatestRuns } from '../../core/runs/request.ts'
import { Run } from '../../core/runs/run.ts'
import { FileFormat } from '../../core/transfer/format.ts'
import { Import, ImportMode, ImportRow, ImportVerdict } from '../../core/transfer/import.ts'
import {
  applyImport,
  checkImport,
  createImport,
  findImportRows,
  findImportsById,
  getImport,
  updateImport,
} from '../../core/transfer/imports.ts'
import { connectionType, ForwardArgs } from '../connection.ts'
import { AssetKinds } from '../inventory/kinds.ts'
import { loader } from '../loaders.ts'
import { registerNodes } from '../node.ts'
import { Payload, payload, UserError } from '../userErrors.ts'

registerNodes(['Import'], findImportsById)

const ImportRowConnection = connectionType(ImportRow)

@InputType({ description: 'A file to import.' })
class ImportCreateInput {
  @Field(() => AssetKinds, { description: 'Which kind of asset its rows are.' })
  kind!: string

  @Field(() => ID, { description: 'The file, by its upload.' })
  upload!: string

  @Field(() => FileFormat, {
    nullable: true,
    description: "How it is written; told by the file's name where absent.",
  })
  format?: FileFormat | null
}

@InputType({ description: 'Where the cells of a column go.' })
class ImportMappingInput {
  @Field(() => String, { description: 'The column, as the file calls it.' })
  header!: string

  @Field(() => String, {
    nullable: true,
    description: 'Name of the field, `id` or `version`; null to leave the column out.',
  })
  field?: string | null
}

@InputType({ description: 'Columns of an import that go to other fields.' })
class ImportUpdateInput {
  @Field(() => ID, { description: 'Which import.' })
  id!: string

  @Field(() => [ImportMappingInput], { description: 'The columns that change; the others stay.' })
  mapping!: ImportMappingInput[]
}

@InputType({ description: 'An import to check.' })
class ImportCheckInput {
  @Field(() => ID, { description: 'Which import.' })
  id!: string
}

@InputType({ description: 'An import to carry out.' })
class ImportApplyInput {
  @Field(() => ID, { description: 'Which import.' })
  id!: string

  @Field(() => ImportMode, { description: 'What becomes of it when rows cannot be accepted.' })
  mode!: ImportMode
}

@ObjectType({ description: 'Answer to a step of an import.' })
class ImportPayload extends Payload {
  @Field(() => Import, { nullable: true, description: 'The import as it is now.' })
  import?: Import | null

  @Field(() => Run, {
    nullable: true,
    description: 'The run that does the work, for a check or the import itself.',
  })
  run?: Run | null
}

@Resolver(() => Import)
export class ImportResolver {
  @Query(() => Import, { nullable: true, description: 'One import.' })
  import(@Arg('id', () => ID, { description: 'Id of the import.' }) id: string, @Ctx() session: Session) {
    return getImport(session, id)
  }

  @Mutation(() => ImportPayload, {
    description:
      'Begins an import of a CSV, XLSX or JSONL file: reads its header and guesses what the columns mean.',
  })
  importCreate(
    @Arg('input', () => ImportCreateInput, { description: 'The file.' }) input: ImportCreateInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ import: await createImport(session, input) }))
  }

  @Mutation(() => ImportPayload, {
    description: 'Sends columns to other fields. It has to be checked again then.',
  })
  importUpdate(
    @Arg('input', () => ImportUpdateInput, { description: 'What goes where.' }) input: ImportUpdateInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ import: await updateImport(session, input) }))
  }

  @Mutation(() => ImportPayload, {
    description: 'Starts a dry run that gives a verdict on each row. The inventory stays as it is.',
  })
  importCheck(
    @Arg('input', () => ImportCheckInput, { description: 'Which.' }) input: ImportCheckInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => {
      const { order, run } = await checkImport(session, input.id)
      return { import: order, run }
    })
  }

  @Mutation(() => ImportPayload, {
    description:
      'Starts the import itself, as it was checked: one change set, which can be taken back like any other.',
  })
  importApply(
    @Arg('input', () => ImportApplyInput, { description: 'Which, and how.' }) input: ImportApplyInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => {
      const { order, run } = await applyImport(session, input)
      return { import: order, run }
    })
  }

  @FieldResolver(() => AssetKinds, { description: 'Which kind of asset its rows are.' })
  kind(@Root() { kind }: Import) {
    return kind
  }

  @FieldResolver(() => ImportRowConnection, {
    description: 'Its rows with their verdicts, in the order of the file.',
  })
  async rows(
    @Root() order: Import,
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Arg('verdict', () => [ImportVerdict], { nullable: true, description: 'Only rows with one of these.' })
    verdict: ImportVerdict[] | null | undefined,
    @Ctx() session: Session,
  ) {
    return ImportRowConnection.from(await findImportRows(session, order, { ...args, verdict }))
  }

  @FieldResolver(() => Run, {
    nullable: true,
    description: 'What was last done with it: a check, or the import itself.',
  })
  latestRun(@Root() { _id }: Import, @Ctx() session: Session) {
    return loader<ObjectId, Run | null>(
      session,
      'latest runs of imports',
      async (ids) => {
        const runs = await findLatestRuns(session, [...ids])
        return ids.map((id) => runs.get(id.toHexString()) ?? null)
      },
      (id) => id.toHexString(),
    ).load(_id)
  }

  @FieldResolver(() => ChangeSet, { nullable: true, description: 'What it has changed, once it is done.' })
  changeSet(@Root() { changeSet }: Import, @Ctx() session: Session) {
    if (!changeSet) return null
    return loader<ObjectId, ChangeSet | null>(
      session,
      'change sets of imports',
      async (ids) => {
        const sets = await findChangeSetsById(session, ids)
        return ids.map((id) => sets.find((set) => set._id.equals(id)) ?? null)
      },
      (id) => id.toHexString(),
    ).load(changeSet)
  }
}

@Resolver(() => ImportRow)
export class ImportRowResolver {
  @FieldResolver(() => [UserError], { description: 'Why it is a CONFLICT or an ERROR, with the field.' })
  faults(@Root() { faults }: ImportRow) {
    return faults
  }
}
