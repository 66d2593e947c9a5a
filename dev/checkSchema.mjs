/** Fails when schema.graphql is not what the resolvers print; the file itself is left as it is. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { collect, root } from './prepare.mjs'

const path = join(root, 'schema.graphql')
const committed = readFileSync(path, 'utf8')
const { code, said } = await collect('npm', ['run', '--silent', 'schema'])
const printed = readFileSync(path, 'utf8')
writeFileSync(path, committed)
if (code !== 0) fail(`schema.graphql could not be printed:\n${said}`)
if (printed !== committed) fail('schema.graphql is not what the resolvers say. Run: npm run schema')

/** @param {string} sentence */
function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
