import { readFileSync, writeFileSync } from 'node:fs'
import { printSchema } from 'graphql'
import { bare, releasedFile } from './breaks.ts'
import { buildApiSchema } from './schema.ts'

/**
 * Writes the contract to schema.graphql; with `--check` it only says whether the file is as the code has it, and with
 * `--release` it becomes what later versions are compared with.
 */
const file = 'schema.graphql'
const schema = buildApiSchema()
const printed = `${printSchema(schema)}\n`

if (process.argv.includes('--release')) writeFileSync(releasedFile, bare(schema))
if (!process.argv.includes('--check')) writeFileSync(file, printed)
else if (readFileSync(file, 'utf8') !== printed) {
  console.error(
    `${file} is not what the code says. Run "npm run schema", and look at what changes for callers.`,
  )
  process.exitCode = 1
}
