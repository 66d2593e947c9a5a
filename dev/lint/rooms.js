/**
 * The house plan as a lint rule: each room knows what stands left of it, never what stands right.
 * docs/design.md draws the same picture.
 */
import { dirname, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** Rooms of core from left to right; those in one group stand side by side and do not know each other. */
const core = [
  ['platform'],
  ['history'],
  ['accounts'],
  ['inventory'],
  ['runs'],
  ['discovery', 'transfer', 'bulk', 'graph', 'reports'],
  ['scheduling'],
]

const known = {
  web: ['web'],
  api: ['api', 'core'],
  workers: ['workers', 'core'],
  core: ['core'],
  dev: ['dev', 'core', 'api', 'workers', 'tests'],
  tests: ['tests', 'dev', 'core', 'api', 'workers'],
}

/** A file that lies directly in core, such as the list of all entities, stands right of every room. @param {string} inner */
function placeInCore(inner) {
  return inner.endsWith('.ts') ? core.length : core.findIndex((group) => group.includes(inner))
}

/**
 * The sentence to report, or undefined where the import is fine. Tests come in through any door, so the plan binds
 * the product alone.
 * @param {string} from @param {string} to */
export function fault(from, to) {
  const [room, inner] = from.split('/')
  const [target, targetInner] = to.split('/')
  if (!(room in known) || !(target in known)) return undefined
  const isTest = /\.test\.ts$|\/testing(\.ts$|\/)/.test(from)
  if (isTest && room !== 'web') return undefined
  if (!known[room].includes(target))
    return `${room} must not know ${target}; it knows ${known[room].join(' and ')}.`
  if (room !== 'core' || inner === targetInner) return undefined
  const [place, targetPlace] = [inner, targetInner].map(placeInCore)
  if (place < 0 || targetPlace < 0)
    return `core/${place < 0 ? inner : targetInner} has no place in the house plan.`
  if (targetPlace < place) return undefined
  return `core/${inner} must not know core/${targetInner}, which does not stand left of it.`
}

/** @type {import('eslint').Rule.RuleModule} */
const direction = {
  meta: { type: 'problem', schema: [], docs: { description: 'imports point the way the house plan says' } },
  create(context) {
    const check = (node) => {
      const specifier = node.source?.value
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return
      const from = relative(root, context.filename)
      const to = relative(root, resolve(dirname(context.filename), specifier))
      const message = fault(from, to)
      if (message) context.report({ node: node.source, message })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}

export const rooms = { rules: { direction } }
