import { Away, send } from './post.ts'

/** Whether the API is out of reach just now. Nothing typed or open is lost meanwhile; waiting requests go out when it is back. */
export const away: { since: Date | null; tries: number } = $state({ since: null, tries: 0 })

let back: Promise<void> | null = null
let hurry: () => void = () => {}

async function knock() {
  away.since = new Date()
  away.tries = 0
  for (;;) {
    const pause = Math.min(1_000 * 2 ** away.tries, 10_000)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause)
      hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    away.tries += 1
    try {
      await send({ headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' })
      break
    } catch (error) {
      if (!(error instanceof Away)) break
    }
  }
  away.since = null
  back = null
}

/** Resolves when the API answers again. */
export function untilBack(): Promise<void> {
  back ??= knock()
  return back
}

export function tryNow() {
  hurry()
}
