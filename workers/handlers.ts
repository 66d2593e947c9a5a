import { runBulk } from '../core/bulk/bulkRun.ts'
import { crawl } from '../core/discovery/crawl.ts'
import { handOver } from '../core/runs/handover.ts'
import type { Work } from '../core/runs/perform.ts'
import { runRevert } from '../core/runs/revert.ts'
import { runImport } from '../core/transfer/importRun.ts'

/** How each kind of run is done. A kind without an entry here would wait for ever. */
export const handlers: Record<string, Work> = {
  bulk: runBulk,
  crawl,
  handover: handOver,
  import: runImport,
  revert: runRevert,
}
