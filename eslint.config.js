import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import { rooms } from './dev/lint/rooms.js'

export default ts.config(
  {
    ignores: [
      '**/node_modules/',
      'dist/',
      '.data/',
      '.tools/',
      'coverage/',
      '**/.svelte-kit/',
      'web/build/',
      'web/src/lib/gql/generated.ts',
      'dev/samples/',
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    languageOptions: { globals: globals.node },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      'no-restricted-syntax': [
        'error',
        ...[
          'CallExpression[callee.property.name=/^(transactional|withTransaction|startTransaction)$/]',
          'CallExpression[callee.property.name="begin"]:matches([callee.object.name=/^em$/i],[callee.object.property.name=/^em$/i])',
        ].map((selector) => ({
          selector,
          message: 'The embedded engine has no transactions; write through commit().',
        })),
      ],
    },
  },
  {
    files: ['{core,api,workers,dev}/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }] },
  },
  ...svelte.configs.recommended,
  {
    files: ['web/**/*.{svelte,svelte.ts}'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
  },
  // Links are plain paths of our own single-page app, which has no base path.
  { files: ['web/**/*.{svelte,ts}'], rules: { 'svelte/no-navigation-without-resolve': 'off' } },
  { plugins: { rooms }, rules: { 'rooms/direction': 'error' } },
)
