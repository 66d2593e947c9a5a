/** What spreadsheets take for the beginning of a formula, behind any apostrophes that a text has of its own. */
const dangerous = /^'*[=+\-@\t\r]/
const guarded = /^'+[=+\-@\t\r]/

/** The text as no spreadsheet will run it: with an apostrophe before what would begin a formula. */
export const guardFormula = (text: string): string => (dangerous.test(text) ? `'${text}` : text)

/** Takes the apostrophe of {@link guardFormula} off again, so that an export can be imported unchanged. */
export const unguardFormula = (text: string): string => (guarded.test(text) ? text.slice(1) : text)
