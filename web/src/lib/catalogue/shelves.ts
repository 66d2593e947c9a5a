import { mutate } from '#lib/client.ts'
import {
  CatalogueServiceCreateDocument,
  CatalogueServiceDeleteDocument,
  CatalogueServiceRestoreDocument,
  CatalogueServiceUpdateDocument,
  OptionCreateDocument,
  OptionDeleteDocument,
  OptionRestoreDocument,
  OptionUpdateDocument,
  ProviderCreateDocument,
  ProviderDeleteDocument,
  ProviderRestoreDocument,
  ProviderUpdateDocument,
  type CatalogueServiceCreateInput,
  type OptionCreateInput,
  type OptionRowFragment,
  type ProviderCreateInput,
  type ProviderRowFragment,
  type ServiceRowFragment,
} from '#lib/gql/generated.ts'
import type { Shelf } from './entry.ts'

const SERVICE = ['CatalogueService']
const OPTION = ['CatalogueOption']
const PROVIDER = ['CatalogueProvider']

export const services: Shelf<ServiceRowFragment, CatalogueServiceCreateInput> = {
  nameOf: ({ name }) => name,
  inputOf: ({ name, families, tags, managed }) => ({ name, families, tags, managed }),
  create: async (input) => (await mutate(CatalogueServiceCreateDocument, { input }, SERVICE)).change,
  update: async (input) => (await mutate(CatalogueServiceUpdateDocument, { input }, SERVICE)).change,
  delete: async (id) => (await mutate(CatalogueServiceDeleteDocument, { input: { id } }, SERVICE)).change,
  restore: async (id) => (await mutate(CatalogueServiceRestoreDocument, { input: { id } }, SERVICE)).change,
}

export const options: Shelf<OptionRowFragment, OptionCreateInput> = {
  nameOf: ({ value }) => value,
  inputOf: ({ list, value }) => ({ list, value }),
  create: async (input) => (await mutate(OptionCreateDocument, { input }, OPTION)).change,
  // An option stays in its list.
  update: async ({ list: _, ...input }) => (await mutate(OptionUpdateDocument, { input }, OPTION)).change,
  delete: async (id) => (await mutate(OptionDeleteDocument, { input: { id } }, OPTION)).change,
  restore: async (id) => (await mutate(OptionRestoreDocument, { input: { id } }, OPTION)).change,
}

export const providers: Shelf<ProviderRowFragment, ProviderCreateInput> = {
  nameOf: ({ name }) => name,
  inputOf: ({ code, name, regions }) => ({
    code,
    name,
    regions: regions.map(({ code, name, zones }) => ({ code, name, zones })),
  }),
  create: async (input) => (await mutate(ProviderCreateDocument, { input }, PROVIDER)).change,
  update: async (input) => (await mutate(ProviderUpdateDocument, { input }, PROVIDER)).change,
  delete: async (id) => (await mutate(ProviderDeleteDocument, { input: { id } }, PROVIDER)).change,
  restore: async (id) => (await mutate(ProviderRestoreDocument, { input: { id } }, PROVIDER)).change,
}
