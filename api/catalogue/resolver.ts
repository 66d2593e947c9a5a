import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql'
import { findOptions, findProviders, findServices } from '../../core/inventory/catalogue/find.ts'
import { CatalogueOption, options } from '../../core/inventory/catalogue/option.ts'
import { OptionList } from '../../core/inventory/catalogue/optionList.ts'
import { CatalogueProvider, providers } from '../../core/inventory/catalogue/provider.ts'
import { CatalogueService, services } from '../../core/inventory/catalogue/service.ts'
import type { Session } from '../../core/platform/session.ts'
import { connectionType, ForwardArgs } from '../connection.ts'
import { shelfResolver } from './shelfResolver.ts'
import {
  CatalogueServiceCreateInput,
  CatalogueServiceFilter,
  CatalogueServicePayload,
  CatalogueServiceUpdateInput,
  OptionCreateInput,
  OptionPayload,
  OptionUpdateInput,
  ProviderCreateInput,
  ProviderPayload,
  ProviderUpdateInput,
} from './types.ts'

const CatalogueServiceConnection = connectionType(CatalogueService)

@Resolver()
class CatalogueResolver {
  @Query(() => CatalogueServiceConnection, {
    description: 'Languages, products and managed services that apps may name as their product, by name.',
  })
  async catalogueServices(
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Arg('filter', () => CatalogueServiceFilter, {
      nullable: true,
      description: 'Which; all that are not hidden unless given.',
    })
    filter: CatalogueServiceFilter | null | undefined,
    @Ctx() session: Session,
  ) {
    return CatalogueServiceConnection.from(await findServices(session, filter ?? {}, args))
  }

  @Query(() => [CatalogueOption], {
    description: 'Values that forms suggest, list by list. Fields take any other value, too.',
  })
  options(
    @Arg('list', () => OptionList, { nullable: true, description: 'Only this list.' })
    list: OptionList | null | undefined,
    @Arg('text', () => String, { nullable: true, description: 'Contained in the value.' })
    text: string | null | undefined,
    @Arg('hidden', () => Boolean, {
      nullable: true,
      description: 'true: those that were taken out, instead.',
    })
    hidden: boolean | null | undefined,
    @Ctx() session: Session,
  ) {
    return findOptions(session, { list, text, hidden })
  }

  @Query(() => [CatalogueProvider], {
    description: 'Providers with their regions and zones, by name.',
  })
  providers(
    @Arg('text', () => String, { nullable: true, description: 'Contained in the code or name.' })
    text: string | null | undefined,
    @Arg('hidden', () => Boolean, {
      nullable: true,
      description: 'true: those that were taken out, instead.',
    })
    hidden: boolean | null | undefined,
    @Ctx() session: Session,
  ) {
    return findProviders(session, { text, hidden })
  }
}

export const catalogueResolvers = [
  CatalogueResolver,
  shelfResolver(services, {
    prefix: 'catalogueService',
    CreateInput: CatalogueServiceCreateInput,
    UpdateInput: CatalogueServiceUpdateInput,
    Payload: CatalogueServicePayload,
  }),
  shelfResolver(options, {
    prefix: 'option',
    CreateInput: OptionCreateInput,
    UpdateInput: OptionUpdateInput,
    Payload: OptionPayload,
  }),
  shelfResolver(providers, {
    prefix: 'provider',
    CreateInput: ProviderCreateInput,
    UpdateInput: ProviderUpdateInput,
    Payload: ProviderPayload,
  }),
]
