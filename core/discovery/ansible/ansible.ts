import type { Check, Crawler, CrawlerResource, Observation, ObservationPage, Unreadable } from '../crawler.ts'
import { checkFiles, fine, refused } from '../files/checks.ts'
import { fileFields, type FileWords, placesOf, type SourceFile, sourceFiles } from '../files/sourceFiles.ts'
import { UnreadableFile } from '../files/unreadable.ts'
import { factsIn, showable } from './content.ts'
import { translate } from './translate.ts'

const pageSize = 100
/** How many files a check reads until one has facts; the first hosts may just be unreachable. */
const tried = 20

const hosts: CrawlerResource = {
  name: 'hosts',
  label: 'hosts',
  kind: 'SERVER',
  permissions: [],
  everyMinutes: null,
}

const words: FileWords = {
  folder: 'Folder with one file per host, inside of the import folder of this installation.',
  files: 'Files to upload, each with the facts of one host as JSON.',
  one: 'the facts of one host',
  maxMiB: 5,
  remedy:
    'Check that it is mounted, and that Ansible writes its facts there: ansible all -m setup --tree FOLDER.',
}

export const ansible: Crawler = {
  provider: 'ANSIBLE',
  name: 'Ansible facts',
  description:
    'Reads the facts that Ansible gathers of hosts (ansible all -m setup --tree FOLDER), from a folder of the server or from uploaded files.',
  regions: [],
  fields: fileFields(words),
  resources: [hosts],

  async identify(context) {
    await sourceFiles(context, words)
    return { account: 'ansible', name: placesOf(context) }
  },

  check: (context) => checkFiles(context, words, tried, async (files) => [await checkFacts(files)]),

  async *list(context) {
    const files = await sourceFiles(context, words)
    const fileOf = new Map<string, string>()
    for (let start = 0; start < files.length; start += pageSize) {
      const page: ObservationPage = { observations: [], unreadable: [] }
      for (const file of files.slice(start, start + pageSize)) {
        context.signal.throwIfAborted()
        await context.turn()
        const { observation, unreadable } = await readHost(file, fileOf)
        if (observation) page.observations.push(observation)
        if (unreadable) page.unreadable.push(unreadable)
      }
      yield page
    }
  },
}

/** One file, as a host or with the reason why it is none; `fileOf` remembers which hosts have been met. */
async function readHost(
  file: SourceFile,
  fileOf = new Map<string, string>(),
): Promise<{ observation?: Observation; unreadable?: Unreadable }> {
  let text = ''
  try {
    text = await file.read()
    const observation = translate(file.name, factsIn(text))
    const other = fileOf.get(observation.externalId)
    if (other !== undefined) {
      const twice = new UnreadableFile(
        `Two hosts report the same identity, ${observation.externalId}: this one and "${other}", which was taken. If they are two machines, give this one a machine id of its own; if they are one, gather its facts under one name.`,
      )
      twice.externalId = observation.externalId
      throw twice
    }
    fileOf.set(observation.externalId, file.name)
    return { observation }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    const { externalId, message } = error
    const reason = `"${file.name}": ${message}`
    return { unreadable: { externalId, reason, raw: showable(file.name, text) } }
  }
}

async function checkFacts(files: SourceFile[]): Promise<Check> {
  const reasons: string[] = []
  for (const file of files) {
    const { unreadable } = await readHost(file)
    if (!unreadable) return fine
    reasons.push(unreadable.reason)
  }
  return refused(
    'NOT_FACTS',
    `None of the first ${files.length} files has the facts of a host. ${reasons[0]}`,
    'Name the folder that Ansible writes to with --tree, and keep nothing else in it.',
  )
}
