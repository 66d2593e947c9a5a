import { allKinds, type Kind } from '../../inventory/kinds.ts'
import { roadsOf } from '../../inventory/relationKinds.ts'
import type { Crawler, CrawlerResource, ObservationPage } from '../crawler.ts'
import { checkFiles, fine, refused } from '../files/checks.ts'
import { fileFields, type FileWords, placesOf, type SourceFile, sourceFiles } from '../files/sourceFiles.ts'
import { UnreadableFile } from '../files/unreadable.ts'
import { readThing } from './thing.ts'
import { thingsIn } from './document.ts'

const pageSize = 500
/** How many files a test of the connection reads. */
const tried = 20

const words: FileWords = {
  folder: 'Folder with JSON files, inside of the import folder of this installation.',
  files: 'JSON files to upload.',
  one: 'JSON of servers, apps and so on',
  maxMiB: 64,
  remedy: 'Check its name, and that the files lie in it.',
}

/** A datacenter is what the connection belongs to, so files have no more of them. */
const kinds = (): Kind[] => allKinds().filter(({ kind }) => kind !== 'DATACENTER')

/** What its things refer to, apart from things of its own kind. */
const after = (kind: Kind): string[] => {
  const kindNames = [
    ...kind.facts.flatMap((fact) => (fact.type === 'REFERENCE' ? fact.target! : [])),
    ...roadsOf(kind.kind)
      .filter(({ direction }) => direction === 'FORWARD')
      .flatMap((road) => road.kinds),
  ]
  return kinds()
    .filter((one) => one !== kind && kindNames.includes(one.kind))
    .map(({ plural }) => plural)
}

/** Our own format, for whatever no cloud reports: arrays of things by kind, in the words of the API. */
export const json: Crawler = {
  provider: 'JSON',
  name: 'JSON files',
  description:
    'Reads servers, apps and everything else from JSON in the words of the API, from a folder of the server, a bucket or uploaded files.',
  regions: [],
  fields: fileFields(words),
  get resources(): CrawlerResource[] {
    return kinds().map((kind) => ({
      name: kind.plural,
      label: kind.plural,
      kind: kind.kind,
      permissions: [],
      after: after(kind),
      everyMinutes: null,
    }))
  },

  async identify(context) {
    await sourceFiles(context, words)
    return { account: 'json', name: placesOf(context) }
  },

  check: (context) => checkFiles(context, words, tried, (files) => Promise.all(files.map(checkFile))),

  async *list(context, { name, kind: kindName }) {
    const kind = kinds().find((one) => one.kind === kindName)!
    const files = await sourceFiles(context, words)
    const fileOf = new Map<string, string>()
    let page: ObservationPage = { observations: [], unreadable: [] }
    for (const file of files) {
      context.signal.throwIfAborted()
      await context.turn()
      for (const [index, thing] of (await thingsOf(file, name, page)).entries()) {
        take(kind, file.name, index, thing, page, fileOf)
        if (page.observations.length < pageSize) continue
        yield page
        page = { observations: [], unreadable: [] }
      }
    }
    yield page
  },
}

/** The things of one kind in a file; a file that cannot be read is set aside as a whole. */
async function thingsOf(file: SourceFile, name: string, page: ObservationPage): Promise<unknown[]> {
  try {
    return thingsIn(await file.read(), name)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    page.unreadable.push({
      externalId: null,
      reason: `"${file.name}": ${error.message}`,
      raw: { file: file.name },
    })
    return []
  }
}

function take(
  kind: Kind,
  file: string,
  index: number,
  thing: unknown,
  page: ObservationPage,
  fileOf: Map<string, string>,
) {
  try {
    const observation = readThing(kind, thing)
    const other = fileOf.get(observation.externalId)
    fileOf.set(observation.externalId, other ?? file)
    if (other !== undefined) {
      const twice = new UnreadableFile(`Its id is there already, in "${other}", which was taken.`)
      twice.externalId = observation.externalId
      throw twice
    }
    page.observations.push(observation)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    page.unreadable.push({
      externalId: error.externalId,
      reason: `"${file}", ${kind.plural}[${index}]: ${error.message}`,
      raw: thing,
    })
  }
}

async function checkFile(file: SourceFile) {
  try {
    const text = await file.read()
    const counts = kinds().map(({ plural }) => thingsIn(text, plural).length)
    if (counts.some((count) => count)) return fine
    const known = kinds().map(({ plural }) => plural)
    return refused(
      'NOTHING_KNOWN',
      `"${file.name}" has none of the lists that Maestro reads.`,
      `Name them ${known.join(', ')}.`,
    )
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    return refused('NOT_JSON', `"${file.name}": ${error.message}`, words.remedy)
  }
}
