import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Adapter } from '@sveltejs/kit'

const INLINE = /<script>([\s\S]*?)<\/script>/

/** Moves the bootstrap that Kit writes into the page to a file of its own, so that the page runs under `script-src 'self'`. */
export function outsideScript(adapter: Adapter, folder: string): Adapter {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder)
      const page = join(resolve(folder), 'index.html')
      const html = readFileSync(page, 'utf8')
      const script = INLINE.exec(html)?.[1]
      if (!script)
        throw new Error('The built page has no inline bootstrap; outsideScript is not needed any more.')
      const name = `start.${createHash('sha256').update(script).digest('hex').slice(0, 12)}.js`
      writeFileSync(join(resolve(folder), '_app', name), script)
      writeFileSync(
        page,
        html.replace(INLINE, () => `<script src="/_app/${name}"></script>`),
      )
    },
  }
}
