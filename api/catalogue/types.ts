import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { AppFamily } from '../../core/inventory/families.ts'
import { CatalogueOption } from '../../core/inventory/catalogue/option.ts'
import { OptionList } from '../../core/inventory/catalogue/optionList.ts'
import { CatalogueProvider } from '../../core/inventory/catalogue/provider.ts'
import { CatalogueService } from '../../core/inventory/catalogue/service.ts'
import { Payload } from '../userErrors.ts'

@InputType({ description: 'Which entry of the catalogue.' })
export class CatalogueEntryRefInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string
}

/** What an update of any entry names beside what it changes. */
@InputType({ description: 'An entry of the catalogue to change.' })
abstract class EntryUpdateInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string

  @Field(() => Int, { description: 'Its version as you read it.' })
  version!: number

  @Field(() => Boolean, {
    nullable: true,
    description: 'false shows again what was taken out, as it was; true takes it out.',
  })
  hidden?: boolean | null
}

@InputType({ description: 'Which services of the catalogue.' })
export class CatalogueServiceFilter {
  @Field(() => [AppFamily], { nullable: true, description: 'Of one of these families.' })
  families?: AppFamily[] | null

  @Field(() => Boolean, { nullable: true, description: 'Only those that a provider runs, or only others.' })
  managed?: boolean | null

  @Field(() => [String], { nullable: true, description: 'With one of these tags.' })
  tags?: string[] | null

  @Field(() => String, { nullable: true, description: 'Contained in the name or a tag.' })
  text?: string | null

  @Field(() => Boolean, { nullable: true, description: 'true: those that were taken out, instead.' })
  hidden?: boolean | null
}

@InputType({ description: 'A service, product or language to add.' })
export class CatalogueServiceCreateInput {
  @Field(() => String, { description: 'Its name; at most 180 characters.' })
  name!: string

  @Field(() => [AppFamily], { description: 'Families of apps that it is suggested for; at least one.' })
  families!: AppFamily[]

  @Field(() => [String], { nullable: true, description: 'What else it is found by; at most 32.' })
  tags?: string[] | null

  @Field(() => Boolean, { nullable: true, description: 'Whether a provider runs it as a service.' })
  managed?: boolean | null
}

@InputType({ description: 'What to change about a service. Absent stays.' })
export class CatalogueServiceUpdateInput extends EntryUpdateInput {
  @Field(() => String, { nullable: true, description: 'Its name; at most 180 characters.' })
  name?: string | null

  @Field(() => [AppFamily], {
    nullable: true,
    description: 'Families of apps that it is suggested for; at least one.',
  })
  families?: AppFamily[] | null

  @Field(() => [String], { nullable: true, description: 'What else it is found by; at most 32.' })
  tags?: string[] | null

  @Field(() => Boolean, { nullable: true, description: 'Whether a provider runs it as a service.' })
  managed?: boolean | null
}

@ObjectType({ description: 'Answer to a change of a service.' })
export class CatalogueServicePayload extends Payload {
  @Field(() => CatalogueService, {
    nullable: true,
    description: 'As it is now; null when it was deleted or the input was not accepted.',
  })
  entry?: CatalogueService | null
}

@InputType({ description: 'An option to add to a list.' })
export class OptionCreateInput {
  @Field(() => OptionList, { description: 'The list.' })
  list!: OptionList

  @Field(() => String, { description: 'The value; at most 100 characters.' })
  value!: string
}

@InputType({ description: 'What to change about an option. Absent stays.' })
export class OptionUpdateInput extends EntryUpdateInput {
  @Field(() => String, { nullable: true, description: 'The value; at most 100 characters.' })
  value?: string | null
}

@ObjectType({ description: 'Answer to a change of an option.' })
export class OptionPayload extends Payload {
  @Field(() => CatalogueOption, {
    nullable: true,
    description: 'As it is now; null when it was deleted or the input was not accepted.',
  })
  entry?: CatalogueOption | null
}

@InputType({ description: 'A region of a provider.' })
export class CatalogueRegionInput {
  @Field(() => String, { description: "As the provider's API calls it, such as eu-west-1." })
  code!: string

  @Field(() => String, { description: 'As people call it, such as Ireland.' })
  name!: string

  @Field(() => [String], { nullable: true, description: 'Its zones; at most 100.' })
  zones?: string[] | null
}

@InputType({ description: 'A provider to add.' })
export class ProviderCreateInput {
  @Field(() => String, { description: 'What datacenters say in `provider`; at most 100 characters.' })
  code!: string

  @Field(() => String, { description: 'Its full name; at most 180 characters.' })
  name!: string

  @Field(() => [CatalogueRegionInput], { nullable: true, description: 'Its regions; at most 500.' })
  regions?: CatalogueRegionInput[] | null
}

@InputType({ description: 'What to change about a provider. Absent stays.' })
export class ProviderUpdateInput extends EntryUpdateInput {
  @Field(() => String, {
    nullable: true,
    description: 'What datacenters say in `provider`; at most 100 characters.',
  })
  code?: string | null

  @Field(() => String, { nullable: true, description: 'Its full name; at most 180 characters.' })
  name?: string | null

  @Field(() => [CatalogueRegionInput], {
    nullable: true,
    description: 'All its regions from now on; those that are left out are taken out. At most 500.',
  })
  regions?: CatalogueRegionInput[] | null
}

@ObjectType({ description: 'Answer to a change of a provider.' })
export class ProviderPayload extends Payload {
  @Field(() => CatalogueProvider, {
    nullable: true,
    description: 'As it is now; null when it was deleted or the input was not accepted.',
  })
  entry?: CatalogueProvider | null
}
