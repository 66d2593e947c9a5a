import { readFileSync, writeFileSync } from 'node:fs'
import { printSchema } from 'graphql'
import { buildApiSchema } from './schema.ts'

/** Writes the contract to schema.graphql; with `--check` it only says whether the file is as the code has it. */
const file = 'schema.graphql'
const printed = `${printSchema(buildApiSchema())}\n`

if (!process.argv.includes('--check')) writeFileSync(file, printed)
else if (readFileSync(file, 'utf8') !== printed) {
  console.error(
    `${file} is not what the code says. Run "npm run schema", and look at what changes for callers.`,
  )
  process.exitCode = 1
}
