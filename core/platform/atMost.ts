/** Does all of it, so many at a time; answers in the order of the tasks. The first that fails is thrown, after which no more begin. */
export async function atMost<T>(limit: number, tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const answers: T[] = []
  let next = 0
  const work = async () => {
    while (next < tasks.length) {
      const at = next++
      try {
        answers[at] = await tasks[at]!()
      } catch (error) {
        next = tasks.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, work))
  return answers
}
