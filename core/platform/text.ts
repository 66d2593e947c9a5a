/** The text itself for a regular expression, never a pattern: a pattern of the caller's could keep the database busy for hours. */
export const escapedText = (text: unknown) => String(text).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
