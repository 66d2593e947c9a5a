import { fileURLToPath } from 'node:url'
import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { outsideScript } from './outsideScript.ts'

const api = process.env.API_URL ?? 'http://127.0.0.1:4000'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: outsideScript(adapter({ pages: 'web/build', fallback: 'index.html' }), 'web/build'),
      version: { pollInterval: 0 },
      paths: { relative: false },
    }),
  ],
  server: { proxy: { '/graphql': { target: api, ws: true }, '/files': api, '/auth': api } },
})
