import type { ObjectId } from 'mongodb'
import type { Session } from '../platform/session.ts'
import { requestRun } from '../runs/request.ts'
import type { Run } from '../runs/run.ts'
import type { Connection } from './connection.ts'

export interface CrawlRequest {
  /** Names of what is read; all that the source has where absent. */
  resources?: string[] | null
  /** Only tells what would be changed. */
  dryRun?: boolean
  /** Where the same request may be made twice. */
  id?: ObjectId
}

/** Asks for a crawl; while one of the connection is alive, that one is the answer. */
export const requestCrawl = (
  session: Session,
  connection: Connection,
  { resources, dryRun, id }: CrawlRequest = {},
): Promise<{ run: Run; alreadyRunning: boolean }> =>
  requestRun(session, {
    kind: 'crawl',
    title: `${dryRun ? 'Dry run of' : 'Sync'} ${resources ? `${listed(resources)} of ` : ''}${connection.name}`,
    subject: { type: 'Connection', id: connection._id },
    access: connection.access,
    ...((resources ?? dryRun) && { input: { ...(resources && { resources }), ...(dryRun && { dryRun }) } }),
    ...(id && { id }),
  })

const listed = (names: string[]) =>
  names.length > 3 ? `${names.length} resources` : names.join(', ').replace(/, ([^,]*)$/, ' and $1')
