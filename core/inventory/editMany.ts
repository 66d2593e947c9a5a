import { isDeepStrictEqual } from 'node:util'
import type { Document, ObjectId } from 'mongodb'
import type { Step } from '../history/commit.ts'
import type { Fields } from '../history/records.ts'
import { difference } from '../history/step.ts'
import { mayReach } from '../platform/access.ts'
import { type Fault, UserFault } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import { findAbove } from './acyclic.ts'
import { anyKind } from './anyKind.ts'
import { assertSpecFits } from './appSpec.ts'
import type { Asset, Declaration, Tag } from './asset.ts'
import { checkFacts } from './check.ts'
import { type Choice, type Chosen, chosenIn, chosenKind, missing } from './choice.ts'
import { assertTargets, declare } from './edit.ts'
import { effective } from './effective.ts'
import { assetTypeName, type Kind, kindOf } from './kinds.ts'
import type { Observed } from './observation.ts'
import type { Part } from './part.ts'
import { type Edited, relationSteps } from './references.ts'

/** The same edit of many assets, as it is stored: facts that become declared, and tags that come and go. */
export interface ManyEdit {
  choice: Choice
  /** Kind whose facts these are; `ASSET` for those that every kind has. */
  kind: string
  facts: Fields
  addTags: Tag[]
  removeTags: string[]
}

/** Like a single edit, without versions: what is named gets the value, whatever it was before. */
export async function* editMany(session: Session, edit: ManyEdit): AsyncGenerator<Part> {
  const kind = chosenKind(edit.kind)
  await assertTargets(session, kind, edit.facts)
  const above = await findAbove(session, kind, edit.facts)
  for await (const chosen of chosenIn(session, edit.choice)) {
    const faults: Fault[] = []
    const edited: Edited[] = []
    for (const one of chosen) {
      const found = faultsOf(session, kind, edit, one, above)
      if (found.length) faults.push(...found)
      else edited.push(...editedBy(session, edit, one.current!))
    }
    yield { found: chosen.length, steps: faults.length ? [] : await stepsOf(session, edited), faults }
  }
}

function faultsOf(
  session: Session,
  kind: Kind,
  edit: ManyEdit,
  one: Chosen,
  above: Map<string, ReadonlySet<string>>,
): Fault[] {
  const { current, at } = one
  if (!current) return [missing(one)]
  const name = String(current.name)
  const fault = (code: Fault['code'], field: string[], message: string): Fault[] => [
    { code, field: [...at, ...field], message },
  ]
  if (!mayReach(session, (current as Asset).access, 'WRITE'))
    return fault('FORBIDDEN', [], `You may read ${name}, but not change it.`)
  if (kind !== anyKind && current.kind !== kind.kind)
    return fault(
      'INVALID',
      [],
      `${name} is of the kind ${assetTypeName(current.kind as string)}, not ${kind.typeName}.`,
    )
  for (const [fact, ids] of above)
    if (ids.has(String(current._id))) return fault('CYCLE', [fact], `${name} would be a part of itself.`)
  try {
    assertSpecFits(kind, edit.facts, current)
    checkFacts(kindOf(current.kind as string), { tags: tagsAfter(edit, current) }, { creating: false })
    return []
  } catch (error) {
    if (!(error instanceof UserFault)) throw error
    return error.faults.flatMap(({ code, field, message }) => fault(code, field ?? [], `${name}: ${message}`))
  }
}

function tagsAfter({ facts, addTags, removeTags }: ManyEdit, current: Document): Tag[] {
  const before = (facts.tags ?? current.tags ?? []) as Tag[]
  const gone = new Set([...removeTags, ...addTags.map(({ key }) => key)])
  return [...before.filter(({ key }) => !gone.has(key)), ...addTags]
}

function editedBy(session: Session, edit: ManyEdit, current: Document): Edited[] {
  const before = current.declared as Record<string, Declaration>
  const wanted: Fields = { ...edit.facts }
  const retagged = tagsAfter(edit, current)
  if ((edit.addTags.length || edit.removeTags.length) && !isDeepStrictEqual(retagged, current.tags ?? []))
    wanted.tags = retagged
  const news = Object.entries(wanted).filter(
    ([fact, value]) => !(fact in before) || !isDeepStrictEqual(before[fact]!.value, value),
  )
  if (!news.length) return []
  const kind = kindOf(current.kind as string)
  const declared = declare(session, before, Object.fromEntries(news))
  const observations = current.observations as Observed[]
  return [
    {
      kind,
      id: current._id as ObjectId,
      current,
      sources: [],
      fields: { declared, ...effective(kind, { declared, observations }) },
    },
  ]
}

async function stepsOf(session: Session, edited: Edited[]): Promise<Step[]> {
  const steps = edited.map(({ kind, current, fields }) =>
    difference(current!, { collection: 'assets', recordKind: kind.kind }, fields),
  )
  return [...steps.filter((step) => step !== null), ...(await relationSteps(session, edited))]
}
