import { Problem } from '../../platform/errors.ts'
import type { Check, CrawlContext } from '../crawler.ts'
import { type FileWords, type SourceFile, sourceFiles } from './sourceFiles.ts'

export const fine: Check = { ok: true, region: null, permission: null, problem: null }

export const refused = (code: string, message: string, remedy: string | null): Check => ({
  ok: false,
  region: null,
  permission: null,
  problem: { code, message, remedy },
})

/** Whether there are files, and what `check` finds in the first of them. */
export async function checkFiles(
  context: CrawlContext,
  words: FileWords,
  limit: number,
  check: (files: SourceFile[]) => Promise<Check[]>,
): Promise<Check[]> {
  try {
    const files = await sourceFiles(context, words)
    return [fine, ...(await check(files.slice(0, limit)))]
  } catch (error) {
    if (error instanceof Problem) return [refused(error.code, error.message, error.remedy)]
    throw error
  }
}
