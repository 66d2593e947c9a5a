import type { Readable } from 'node:stream'
import { fault, type UserFault } from '../platform/errors.ts'

/** One row as a file has it; values are as rich as the format. */
export interface SourceRow {
  /** As a person counts: the header is row 1. */
  number: number
  /** In the order of the header; what is undefined is not there, and null or '' is empty. */
  cells: unknown[]
  /** Why it cannot be read, though the file goes on. */
  problem: string | null
}

/** A file that is being read; whoever stops early closes it. */
export interface SourceTable {
  header: string[]
  rows: AsyncIterable<SourceRow>
}

/** Gives the bytes of the file from its start; a file may be read more than once. */
export type OpenFile = () => Promise<Readable>

/** The longest cell, line or text that is looked at. */
export const maxCellLength = 12 * 1024 * 1024
export const maxColumns = 500

/** What is wrong with a file as a whole, in a sentence. */
export const unreadable = (message: string): UserFault => fault('INVALID', ['upload'], message)

/**
 * The header without the empty columns at its end.
 *
 * @throws UserFault when there is none, or a name is there twice
 */
export function checkedHeader(names: string[]): string[] {
  const header = names.map((name) => name.trim().slice(0, 200))
  while (header.length && !header.at(-1)) header.pop()
  if (!header.length) throw unreadable('The file is empty: it has no header that names its columns.')
  if (header.length > maxColumns)
    throw unreadable(`The file has ${header.length} columns; at most ${maxColumns} are possible.`)
  const twice = header.find((name, position) => name && header.indexOf(name) < position)
  if (twice)
    throw unreadable(`The column "${twice}" is in the header twice. Give each column a name of its own.`)
  return header
}
