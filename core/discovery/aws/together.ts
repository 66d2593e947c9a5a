/** Services allow a few calls of a kind at the same time; the common rate holds besides. */
const atOnce = 6

/** The answers for all of them, in their order. The first that fails fails the whole. */
export async function answersFor<T, Answer>(
  all: readonly T[],
  ask: (one: T) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let start = 0; start < all.length; start += atOnce)
    answers.push(...(await Promise.all(all.slice(start, start + atOnce).map(ask))))
  return answers
}

/** Everything in slices, for calls that take so many at once. */
export function slicesOf<T>(all: readonly T[], size: number): T[][] {
  const slices: T[][] = []
  for (let start = 0; start < all.length; start += size) slices.push(all.slice(start, start + size))
  return slices
}
