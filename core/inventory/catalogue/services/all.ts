import { business } from './business.ts'
import { compute } from './compute.ts'
import { databases } from './databases.ts'
import { delivery } from './delivery.ts'
import { identity } from './identity.ts'
import { languages } from './languages.ts'
import { learning } from './learning.ts'
import { messaging } from './messaging.ts'
import type { BuiltInService } from './row.ts'
import { storage } from './storage.ts'
import { traffic } from './traffic.ts'
import { watching } from './watching.ts'

/** Every service that a new installation knows. A name stays what it is once released: it is how a service is found again. */
export const builtInServices: BuiltInService[] = [
  ...languages,
  ...databases,
  ...messaging,
  ...traffic,
  ...compute,
  ...storage,
  ...watching,
  ...delivery,
  ...identity,
  ...learning,
  ...business,
]
