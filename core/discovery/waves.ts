import type { CrawlerResource } from './crawler.ts'

/**
 * In the order in which things can refer to what is known already: each wave holds what needs only the waves before it.
 *
 * @throws Error when resources wait for each other, which is a fault of the crawler
 */
export function inWaves<T extends { resource: CrawlerResource }>(all: T[]): T[][] {
  const listed = new Set(all.map(({ resource }) => resource.name))
  const waves: T[][] = []
  const done = new Set<string>()
  let rest = all
  while (rest.length) {
    const ready = rest.filter(({ resource }) =>
      (resource.after ?? []).every((name) => done.has(name) || !listed.has(name)),
    )
    if (!ready.length)
      throw new Error(
        `These resources wait for each other: ${rest.map(({ resource }) => resource.name).join(', ')}`,
      )
    for (const { resource } of ready) done.add(resource.name)
    rest = rest.filter((one) => !ready.includes(one))
    waves.push(ready)
  }
  return waves
}
