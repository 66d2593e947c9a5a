import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../setup/projectRoot.ts'

const eslint = new ESLint({
  cwd: projectRoot,
  overrideConfig: {
    languageOptions: { parserOptions: { projectService: false, project: null } },
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
})

async function faults(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath })
  return result!.messages.map((message) => message.ruleId ?? message.message)
}

describe('the lint rules', () => {
  it.each([
    ['core/platform/x.ts', '../inventory/server.ts'],
    ['core/discovery/aws/x.ts', '../../reports/x.ts'],
    ['core/runs/x.ts', '../scheduling/x.ts'],
    ['core/inventory/x.ts', '../../api/main.ts'],
    ['core/inventory/x.ts', '../../dev/emulators/aws/server.ts'],
    ['core/cellar/x.ts', '../platform/log.ts'],
    ['api/x.ts', '../workers/main.ts'],
    ['workers/x.ts', '../api/main.ts'],
    ['workers/x.ts', '../dev/start.ts'],
    ['web/src/x.ts', '../../core/platform/ids.ts'],
  ])('refuse that %s imports %s', async (file, target) => {
    for (const code of [
      `import { x } from '${target}'\nx()\n`,
      `export * from '${target}'\n`,
      `export const x = await import('${target}')\n`,
    ])
      expect(await faults(file, code)).toContain('rooms/direction')
  })

  it.each([
    ['core/scheduling/x.ts', '../graph/walk.ts'],
    ['core/discovery/aws/x.ts', '../../platform/log.ts'],
    ['core/discovery/aws/x.test.ts', '../../../dev/emulators/aws/server.ts'],
    ['api/servers/x.ts', '../../core/inventory/server.ts'],
    ['workers/x.ts', './main.ts'],
    ['workers/x.test.ts', '../api/main.ts'],
  ])('allow that %s imports %s', async (file, target) => {
    expect(await faults(file, `import { x } from '${target}'\nx()\n`)).toEqual([])
  })

  it('refuse database transactions, which the embedded engine does not have', async () => {
    for (const call of [
      'em.transactional(x)',
      'em.begin()',
      'session.em.begin()',
      'client.withTransaction(x)',
    ])
      expect(
        await faults(
          'core/platform/x.ts',
          `declare const em: any, x: any, session: any, client: any\nvoid ${call}\n`,
        ),
      ).toContain('no-restricted-syntax')
  })
})
