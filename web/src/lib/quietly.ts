/** Calls back once after the last of many calls in a row, so that a burst of events asks only one question. */
export function quietly(work: () => void, pause = 400): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    clearTimeout(timer)
    timer = setTimeout(work, pause)
  }
}
