import type { CallerSession } from '../accounts/caller.ts'
import type { AccessChange } from '../accounts/share.ts'
import { anyKind } from '../inventory/anyKind.ts'
import { type Choice, chosenKind, countChosen } from '../inventory/choice.ts'
import { editMany, type ManyEdit } from '../inventory/editMany.ts'
import { findAssetsById } from '../inventory/find.ts'
import type { Part } from '../inventory/part.ts'
import { relateMany, type RelationEdit, titleOfRelations } from '../inventory/relate.ts'
import { restoreMany, retireMany } from '../inventory/retireMany.ts'
import { shareMany } from '../inventory/shareMany.ts'

/** What each of the works needs to know, in the form in which it is stored. */
export interface WorkInputs {
  update: ManyEdit
  retire: { choice: Choice }
  restore: { choice: Choice }
  share: { choice: Choice; change: AccessChange }
  relate: { edits: RelationEdit[] }
}
export type WorkName = keyof WorkInputs

/** Something that can be done with many things at once. */
export interface Work<Input> {
  /** How many things it is about. */
  count(session: CallerSession, input: Input): number | Promise<number>
  title(session: CallerSession, input: Input, count: number): Promise<string>
  /** Made from the things as they are, whenever it is asked for. */
  parts(session: CallerSession, input: Input): AsyncIterable<Part>
}

const ofAssets = <Input extends { choice: Choice }>(
  verb: string,
  parts: Work<Input>['parts'],
): Work<Input> => ({
  count: (session, { choice }) => countChosen(session, choice),
  title: async (session, { choice }, count) => `${verb} ${await naming(session, choice, count)}`,
  parts,
})

async function naming(session: CallerSession, choice: Choice, count: number): Promise<string> {
  if (!('refs' in choice)) {
    const kind = chosenKind(choice.kind)
    return `${count} ${kind === anyKind || count !== 1 ? kind.plural : kind.typeName.toLowerCase()}`
  }
  const [only] = count === 1 ? await findAssetsById(session, [choice.refs[0]!.id]) : []
  return only ? only.name : `${count} assets`
}

/** Everything that can be done with many things at once, now or by a run. */
export const works: { [Name in WorkName]: Work<WorkInputs[Name]> } = {
  update: ofAssets('Change', editMany),
  retire: ofAssets('Retire', retireMany),
  restore: ofAssets('Restore', restoreMany),
  share: ofAssets('Share', shareMany),
  relate: {
    count: (_session, { edits }) => edits.length,
    title: (session, { edits }) => titleOfRelations(session, edits),
    parts: relateMany,
  },
}
