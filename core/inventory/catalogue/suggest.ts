import type { OptionList } from './optionList.ts'

/**
 * Where forms take suggestions for a field from: an option list by its name, the products of the catalogue that fit the
 * family, its languages, the providers, the regions of the provider, or the zones of the region.
 */
export type Suggest = keyof typeof OptionList | 'PRODUCT' | 'LANGUAGE' | 'PROVIDER' | 'REGION' | 'ZONE'
