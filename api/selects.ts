import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'

/**
 * Whether a field of what is being resolved was asked for, so that one read can serve many objects before they are made.
 * Directives are not looked at: what they leave out counts as asked for.
 */
export function selects(info: GraphQLResolveInfo, field: string): boolean {
  return info.fieldNodes.some((node: FieldNode) => within(info, node.selectionSet, field))
}

function within(info: GraphQLResolveInfo, set: SelectionSetNode | undefined, field: string): boolean {
  return (set?.selections ?? []).some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === field
    const inner = selection.kind === Kind.FRAGMENT_SPREAD ? info.fragments[selection.name.value] : selection
    return within(info, inner?.selectionSet, field)
  })
}
