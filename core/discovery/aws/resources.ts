import { instances } from './instances.ts'
import type { AwsResource } from './resource.ts'

/** All that is read of an account. What refers to other things may come first: it is looked up again when they are known. */
export const resources: AwsResource[] = [instances]
