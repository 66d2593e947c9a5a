import { registerEnumType } from 'type-graphql'
import { OptionList, optionListDescriptions } from '../../core/inventory/catalogue/optionList.ts'
import type { Suggest } from '../../core/inventory/catalogue/suggest.ts'

export const SuggestionSources: { [Source in Suggest]: Source } = {
  ...(Object.fromEntries(Object.keys(OptionList).map((list) => [list, list])) as {
    [List in keyof typeof OptionList]: List
  }),
  PRODUCT: 'PRODUCT',
  LANGUAGE: 'LANGUAGE',
  PROVIDER: 'PROVIDER',
  REGION: 'REGION',
  ZONE: 'ZONE',
}
registerEnumType(SuggestionSources, {
  name: 'SuggestionSource',
  description:
    'Where suggestions for a field come from: the option list of this name, or the catalogue. Other values are as good.',
  valuesConfig: {
    ...optionListDescriptions,
    PRODUCT: { description: 'Services of the catalogue; for an app, those of its family.' },
    LANGUAGE: { description: 'Services of the catalogue that are languages or runtimes.' },
    PROVIDER: { description: 'Codes of the providers.' },
    REGION: { description: 'Regions of the provider of the datacenter.' },
    ZONE: { description: 'Zones of the region.' },
  },
})
