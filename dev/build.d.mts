export interface Part {
  name: string
  sources: string[]
  result: string
  script: string
}
export const parts: Record<'server' | 'web', Part>
export function isFresh(part: Part): boolean
export function build(part: Part): Promise<string | undefined>
