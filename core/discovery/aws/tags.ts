/** How most services give tags. */
export interface AwsTag {
  Key?: string
  Value?: string
}

/** Sorted, so that the order of an answer is no change. */
export const tagsOf = (tags: readonly AwsTag[] | undefined) =>
  (tags ?? [])
    .map(({ Key, Value }) => ({ key: Key ?? '', value: Value ?? '' }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))

/** What the tag of this name says, in whatever case its key is written. */
export const tagged = (tags: readonly { key: string; value: string }[], name: string): string | undefined =>
  tags.find(({ key }) => key.toLowerCase() === name)?.value.trim() || undefined

/** Sorted, so that the order of an answer is no change. */
export const distinct = (values: readonly (string | undefined)[]): string[] =>
  [...new Set(values.filter((value) => value !== undefined))].sort()
