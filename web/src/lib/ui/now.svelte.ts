/** The present moment, moving on every ten seconds; one clock for every relative time on the page. */
export const now = $state({ at: Date.now() })

setInterval(() => (now.at = Date.now()), 10_000)
