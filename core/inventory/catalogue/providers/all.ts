import { aws } from './aws.ts'
import { azure } from './azure.ts'
import { google } from './google.ts'
import { otherClouds, regionless } from './others.ts'
import type { BuiltInProvider } from './region.ts'

/** Every provider that a new installation knows. */
export const builtInProviders: BuiltInProvider[] = [aws, azure, google, ...otherClouds, ...regionless]
