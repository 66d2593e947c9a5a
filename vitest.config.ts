import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

const require = createRequire(import.meta.url)

/** type-graphql loads graphql as CommonJS; a second copy as a module would be "another realm". */
const oneGraphql = { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] }

const globalSetup = ['./dev/testing/globalSetup.ts']

export default defineConfig({
  test: {
    projects: [
      {
        resolve: oneGraphql,
        test: {
          name: 'server',
          include: ['{core,api,workers,dev}/**/*.test.ts', 'tests/*.test.ts'],
          globalSetup,
          pool: 'forks',
          testTimeout: 20_000,
          hookTimeout: 60_000,
          // Without a number of its own, a project with one worker would run last.
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: './web/vite.config.ts',
        root: fileURLToPath(new URL('web', import.meta.url)),
        plugins: [svelteTesting()],
        test: {
          name: 'web',
          include: ['src/**/*.test.ts'],
          environment: 'jsdom',
          sequence: { groupOrder: 2 },
        },
      },
      {
        resolve: oneGraphql,
        test: {
          name: 'journey',
          include: ['tests/journey/**/*.test.ts'],
          globalSetup,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
