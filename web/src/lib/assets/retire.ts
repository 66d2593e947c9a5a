import { toast } from 'svelte-sonner'
import { mutate } from '#lib/client.ts'
import { failure } from '#lib/failure.ts'
import { undoAction } from '#lib/history/undoAction.ts'
import { AssetsRestoreDocument, AssetsRetireDocument, type AssetKind } from '#lib/gql/generated.ts'
import { kindPages } from '#lib/kinds/kindPages.ts'
import { messages } from './messages.ts'
import { counted } from '#lib/ui/numbers.ts'

type Ref = { id: string; version: number; name: string }

export function naming(kind: AssetKind, assets: { name: string }[]): string {
  return assets.length === 1 ? shorten(assets[0]!.name) : counted(assets.length, kindPages[kind].one)
}

function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 58)}…` : name
}

/** Retires at once and offers to take it back, instead of asking first. True when it is done. */
export async function retire(kind: AssetKind, assets: Ref[]): Promise<boolean> {
  return change(AssetsRetireDocument, 'assetsRetire', messages.retired(naming(kind, assets)), assets)
}

export async function restore(kind: AssetKind, assets: Ref[]): Promise<boolean> {
  return change(AssetsRestoreDocument, 'assetsRestore', messages.restored(naming(kind, assets)), assets)
}

async function change(
  document: typeof AssetsRetireDocument | typeof AssetsRestoreDocument,
  field: 'assetsRetire' | 'assetsRestore',
  done: string,
  assets: Ref[],
): Promise<boolean> {
  try {
    const input = { assets: assets.map(({ id, version }) => ({ id, version })) }
    const data = (await mutate(document as typeof AssetsRetireDocument, { input })) as Record<
      string,
      { changeSet: { id: string } | null; userErrors: { message: string }[] }
    >
    const { changeSet, userErrors } = data[field]!
    if (userErrors.length) {
      toast.error(userErrors[0]!.message)
      return false
    }
    toast.success(done, undoAction(changeSet))
    return true
  } catch (error) {
    toast.error(failure(error))
    return false
  }
}
