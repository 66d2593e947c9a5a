import { isIP } from 'node:net'
import type { Fields } from '../history/records.ts'
import { type Fault, UserFault } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Fact } from './facts.ts'
import { type Kind, kindOf } from './kinds.ts'

const maxItems = 500
const maxItemLength = 1000

/**
 * The facts of an input, checked and in the form in which they are stored. Absent facts stay absent; null clears.
 *
 * @throws UserFault with every fault of the input, each naming its field
 */
export function checkFacts(kind: Kind, input: Fields, options: { creating: boolean }): Fields {
  const faults: Fault[] = []
  const checked: Fields = {}
  for (const fact of kind.facts) {
    const value = input[fact.name]
    const missing = value === undefined ? options.creating : isEmpty(value)
    if (fact.required && missing && fact.type !== 'ENUM') {
      faults.push({ code: 'REQUIRED', field: [fact.name], message: `${fact.label} is needed.` })
    } else if (value !== undefined) {
      const message = value === null ? null : faultIn(fact, value)
      if (message) faults.push({ ...message, field: [fact.name] })
      else checked[fact.name] = stored(fact, value)
    }
  }
  if (faults.length) throw new UserFault(faults)
  return checked
}

const isEmpty = (value: unknown) => value === null || (typeof value === 'string' && !value.trim())

type Finding = Pick<Fault, 'code' | 'message'>
const invalid = (message: string): Finding => ({ code: 'INVALID', message })

function faultIn(fact: Fact, value: unknown): Finding | null {
  switch (fact.type) {
    case 'TEXT':
      return tooLong(fact, String(value))
    case 'ADDRESS':
      return isIP(String(value).trim())
        ? null
        : invalid(`"${shorten(String(value))}" is not an IP address. Write it like 10.1.2.3 or 2001:db8::1.`)
    case 'NUMBER':
      return Number.isFinite(value) && (value as number) >= 0
        ? null
        : invalid(`${fact.label} must be a number from 0 up.`)
    case 'BOOLEAN':
      return typeof value === 'boolean' ? null : invalid(`${fact.label} must be true or false.`)
    case 'DATE':
      return value instanceof Date && !Number.isNaN(+value) ? null : invalid(`${fact.label} must be a date.`)
    case 'ENUM':
      return Object.values(fact.values!).includes(String(value))
        ? null
        : invalid(`${fact.label} must be one of ${Object.values(fact.values!).join(', ')}.`)
    case 'LIST':
      return faultInList(fact, value as string[])
    case 'OBJECTS':
      return faultInItems(fact, value as Record<string, unknown>[])
    case 'REFERENCE':
      decodeId(String(value), kindOf(fact.target!).typeName)
      return null
  }
}

const tooLong = (fact: Fact, value: string): Finding | null =>
  value.length > fact.maxLength
    ? {
        code: 'TOO_LONG',
        message: `${fact.label} is ${value.length} characters long; at most ${fact.maxLength} are possible.`,
      }
    : null

const tooMany = (fact: Fact, length: number): Finding | null =>
  length > maxItems
    ? {
        code: 'LIMIT_REACHED',
        message: `${fact.label} has ${length} entries; at most ${maxItems} are possible.`,
      }
    : null

const faultInList = (fact: Fact, values: string[]): Finding | null =>
  tooMany(fact, values.length) ??
  (values.some((value) => !value.trim() || value.length > maxItemLength)
    ? invalid(`Every entry of ${fact.label} needs 1 to ${maxItemLength} characters.`)
    : null)

function faultInItems(fact: Fact, items: Record<string, unknown>[]): Finding | null {
  const keys = items.map((item) => item.key).filter((key) => key !== undefined)
  const texts = items.flatMap((item) => Object.values(item)).filter((value) => typeof value === 'string')
  if (keys.some((key) => !String(key).trim())) return invalid(`Every entry of ${fact.label} needs a key.`)
  if (new Set(keys).size < keys.length) return invalid(`A key appears twice in ${fact.label}.`)
  if (texts.some((text) => text.length > maxItemLength))
    return {
      code: 'TOO_LONG',
      message: `An entry of ${fact.label} is longer than ${maxItemLength} characters.`,
    }
  return tooMany(fact, items.length)
}

function stored(fact: Fact, value: unknown): unknown {
  if (value === null) return null
  if (fact.type === 'TEXT' || fact.type === 'ADDRESS') return String(value).trim() || null
  if (fact.type === 'LIST') return (value as string[]).map((entry) => entry.trim())
  if (fact.type === 'OBJECTS') return (value as object[]).map((item) => ({ ...item }))
  if (fact.type === 'REFERENCE') return decodeId(String(value), kindOf(fact.target!).typeName).id
  return value
}

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
