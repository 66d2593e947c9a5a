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

/** What is deleted between two calls is not there for the second: it has nothing of what that would tell. */
export async function orIfGone<Answer>(answer: Promise<Answer>, instead: Answer): Promise<Answer> {
  try {
    return await answer
  } catch (error) {
    if (/NotFound|NoSuch|DoesNotExist|NonExistent/.test((error as Error).name)) return instead
    throw error
  }
}

/**
 * The answers for slices of what is asked about. As a call about many fails when one of them is gone, they are asked about
 * one by one then.
 */
export async function answersForSlices<T, Answer>(
  all: readonly T[],
  size: number,
  ask: (slice: T[]) => Promise<Answer>,
): Promise<Answer[]> {
  const answers = await answersFor(slicesOf(all, size), async (slice) => {
    const whole = await orIfGone<Answer | null>(ask(slice), null)
    if (whole !== null) return [whole]
    const each = await answersFor(slice, (one) => orIfGone<Answer | null>(ask([one]), null))
    return each.filter((one) => one !== null)
  })
  return answers.flat() as Answer[]
}
