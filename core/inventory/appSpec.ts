import type { Document } from 'mongodb'
import type { Fields } from '../history/records.ts'
import { type Fault, UserFault } from '../platform/errors.ts'
import { type AppFamily, type DatabaseEngine, specOf } from './families.ts'
import type { Kind } from './kinds.ts'

/**
 * Holds that an app gets only what the specification of its family has: a broker has no handler.
 *
 * @throws UserFault naming every fact that does not belong to it
 */
export function assertSpecFits(kind: Kind, facts: Fields, current: Document) {
  if (kind.kind !== 'APP') return
  const family = (facts.family ?? current.family ?? 'APPLICATION') as AppFamily
  const form = specOf(family, (facts.databaseEngine ?? current.databaseEngine) as DatabaseEngine | null)
  const faults = kind.facts
    .filter(({ name, spec }) => spec && facts[name] != null && !form.facts.includes(name))
    .map(({ name, label }): Fault => ({
      code: 'INVALID',
      field: ['spec', name],
      message: `${label} is not part of ${form.typeName}, which fits this family. Leave it out, or change the family.`,
    }))
  if (faults.length) throw new UserFault(faults)
}
