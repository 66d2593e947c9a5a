import type { Check, Crawler, CrawlerResource, ObservationPage } from '../crawler.ts'
import { checkFiles, fine, refused } from '../files/checks.ts'
import { fileFields, type FileWords, placesOf, type SourceFile, sourceFiles } from '../files/sourceFiles.ts'
import { UnreadableFile } from '../files/unreadable.ts'
import type { Found, ResourceName, Types } from './found.ts'
import { type Managed, managedIn } from './state.ts'
import { awsTypes } from './types/aws.ts'
import { azureTypes } from './types/azure.ts'
import { openstackTypes } from './types/openstack.ts'
import { otherTypes } from './types/others.ts'

const pageSize = 500

const types: Types = { ...awsTypes, ...azureTypes, ...openstackTypes, ...otherTypes }

const resource = (name: ResourceName, kind: string, after: ResourceName[]): CrawlerResource => ({
  name,
  label: name,
  kind,
  permissions: [],
  after,
  everyMinutes: null,
})

const words: FileWords = {
  folder: 'Folder with states of Terraform, inside of the import folder of this installation.',
  files: 'States of Terraform to upload, such as terraform.tfstate.',
  one: 'a state of Terraform',
  maxMiB: 64,
  remedy: 'Check its name, and that the states of Terraform lie in it.',
}

export const terraform: Crawler = {
  provider: 'TERRAFORM',
  name: 'Terraform state',
  description:
    'Reads what Terraform or OpenTofu looks after, from states (version 4) in a folder of the server, in a bucket or in uploaded files.',
  regions: [],
  fields: fileFields(words),
  resources: [
    resource('networks', 'NETWORK', []),
    resource('images', 'IMAGE', []),
    resource('servers', 'SERVER', ['networks', 'images']),
    resource('volumes', 'VOLUME', ['servers']),
    resource('snapshots', 'SNAPSHOT', ['volumes']),
    resource('apps', 'APP', ['networks', 'servers']),
  ],

  async identify(context) {
    await sourceFiles(context, words)
    return { account: 'terraform', name: placesOf(context) }
  },

  check: (context) => checkFiles(context, words, tried, (files) => Promise.all(files.map(checkFile))),

  async *list(context, { name }) {
    const files = await sourceFiles(context, words)
    const seen = new Map<string, string>()
    let page: ObservationPage = { observations: [], unreadable: [] }
    for (const file of files) {
      context.signal.throwIfAborted()
      await context.turn()
      for (const one of await read(file, name as ResourceName)) {
        if ('reason' in one) page.unreadable.push(one)
        else take(one, page)
        if (page.observations.length < pageSize) continue
        yield page
        page = { observations: [], unreadable: [] }
      }
    }
    yield page

    /** The first of several states that hold the same thing is believed. */
    function take({ observation, where }: Found & { where: string }, into: ObservationPage) {
      const other = seen.get(observation.externalId)
      if (other === undefined) {
        seen.set(observation.externalId, where)
        into.observations.push(observation)
      } else if (other !== where)
        into.unreadable.push({
          externalId: observation.externalId,
          reason: `${where} is the same thing as ${other}, which was taken. Remove it from one of the two states.`,
          raw: { address: where },
        })
    }
  },
}

/** How many files a test of the connection reads. */
const tried = 20

type Read = (Found & { where: string }) | ObservationPage['unreadable'][number]

/** What a state holds of one resource; what cannot be read has the reason, and nothing of what may be secret. */
async function read(file: SourceFile, name: ResourceName): Promise<Read[]> {
  let managed: Managed[]
  try {
    managed = managedIn(await file.read())
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    return [{ externalId: null, reason: `"${file.name}": ${error.message}`, raw: { file: file.name } }]
  }
  return managed.flatMap(({ type, address, attributes }): Read[] => {
    const where = `${address} in "${file.name}"`
    const own = (types[type]?.(attributes) ?? []).filter((one) => one.resource === name)
    return own.map((one): Read => {
      const { externalId } = one.observation
      const fault = externalId
        ? attributes.faults[0]
        : 'It has no id yet, so it cannot be told from others. Run "terraform apply" to its end.'
      if (!fault) return { ...one, where }
      return { externalId: externalId || null, reason: `${where}: ${fault}`, raw: { type, address } }
    })
  })
}

/** Reads a file as a sync would, and tells what of it Maestro understands. */
async function checkFile(file: SourceFile): Promise<Check> {
  try {
    const managed = managedIn(await file.read())
    if (managed.some(({ type }) => type in types)) return fine
    return refused(
      'NOTHING_KNOWN',
      `"${file.name}" is a state, but nothing in it is of a type that Maestro knows.`,
      'Servers, volumes, networks, databases and load balancers of AWS, OpenStack, Azure, Google, DigitalOcean and vSphere are read.',
    )
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    return refused('NOT_A_STATE', `"${file.name}": ${error.message}`, words.remedy)
  }
}
