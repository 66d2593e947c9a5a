/** Up to two letters that stand for a name where there is no picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  return words
    .map((word) => [...word][0])
    .slice(0, 2)
    .join('')
    .toUpperCase()
}
