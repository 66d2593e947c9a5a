/** A program with what must precede its arguments and what it needs in its environment, on top of ours. */
export interface Tool {
  command: string
  args: string[]
  env: Record<string, string>
}
