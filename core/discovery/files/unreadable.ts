/** Content of a file that Maestro cannot use, told in a sentence. */
export class UnreadableFile extends Error {
  /** Which thing it is about, where that could be read: its asset then stays as it is. */
  externalId: string | null = null
}
