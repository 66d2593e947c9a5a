import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { startWorkers } from '../../workers/workers.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { readImport, send, step, work } from './testing.ts'

let api: TestApi
let workers: Awaited<ReturnType<typeof startWorkers>>
let token: string
beforeAll(async () => {
  api = await startTestApi()
  workers = await startWorkers(api.core)
  token = (await api.signUp()).token
})
afterAll(async () => {
  await workers.close()
  await api.close()
})

async function begin(content: string | Buffer, name: string) {
  const upload = await send(api, token, name, content)
  return step(api, token, 'Create', { kind: 'SERVER', upload })
}
async function check(content: string | Buffer, name = 'a.csv') {
  const { import: order, userErrors } = await begin(content, name)
  expect(userErrors).toEqual([])
  const run = await work(api, token, 'Check', { id: order!.id })
  return { run, columns: order!.columns, ...(await readImport(api, token, order!.id)) }
}
const names = ({ rows }: { rows: { nodes: { name: string | null }[] } }) => rows.nodes.map(({ name }) => name)

const utf16 = (text: string, mark: boolean, swap = false) => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le')
  return swap ? bytes.swap16() : bytes
}
const workbook = (parts: Record<string, string | Buffer>) => {
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), path)
  zip.end()
  return buffer(zip.outputStream)
}
const frame = {
  'xl/workbook.xml':
    '<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId7"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="rId7" Target="worksheets/first.xml"/></Relationships>',
}
const sheet = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`
const headerRow =
  '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="str"><v>cpu</v></c></row>'

describe('a file is read', () => {
  it.each([
    ['with a byte order mark', '\ufeffname,role\nü-1,x'],
    ['with semicolons', 'name;role\nü-1;"a,b"'],
    ['with tabs', 'name\trole\nü-1\ta,b'],
    ['in UTF-16, little end first', utf16('name,role\r\nü-1,x', true)],
    ['in UTF-16, big end first', utf16('name,role\r\nü-1,x', true, true)],
    ['with quotes, and lines within them', '"name","role"\r\n"ü-1","said ""yes"",\nand\r\nmore"\r\n\r\n'],
    ['with one column', 'name\nü-1\n'],
    ['with separators within a quoted header', '"name","role; of; it; all"\nü-1,x'],
  ])('%s', async (_how, content) => {
    const found = await check(content)
    expect(found.columns[0]).toMatchObject({ header: 'name', field: 'name', samples: ['ü-1'] })
    expect(found.counts).toMatchObject({ create: 1, error: 0 })
    expect(names(found)).toEqual(['ü-1'])
  })

  it('as a workbook, with shared texts, numbers, dates, gaps and what formulas came to', async () => {
    const found = await check(
      await workbook({
        ...frame,
        'xl/sharedStrings.xml':
          '<sst><si><t>w-1</t></si><si><r><t>w</t></r><r><t>-2</t></r><rPh><t>no</t></rPh></si></sst>',
        'xl/worksheets/first.xml': sheet(
          `${headerRow}<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>
          <row r="5"><c r="B5"/><c r="A5" t="s"><v>1</v></c></row>
          <row r="6"><c r="A6" t="str"><v>w-3</v></c><c r="B6" t="e"><v>#REF!</v></c></row>`,
        ),
      }),
      'a.xlsx',
    )
    expect(found.run.problem).toBeNull()
    expect(found.rows.nodes).toMatchObject([
      { number: 2, name: 'w-1', verdict: 'CREATE', fields: ['name', 'cpu'] },
      { number: 5, name: 'w-2', verdict: 'CREATE', fields: ['name'] },
      { number: 6, verdict: 'ERROR', faults: [{ message: expect.stringContaining('#REF!') }] },
    ])
  })

  it('with a cell of 10 MB, which is refused without harm to the others', async () => {
    for (const [name, content] of [
      ['a.csv', `name,role\na,"${'x'.repeat(10_000_000)}"\nb,y`],
      ['a.jsonl', `{"name":"a","role":"${'x'.repeat(10_000_000)}"}\n{"name":"b","role":"y"}`],
    ] as const) {
      const found = await check(content, name)
      expect(found.rows.nodes).toMatchObject([
        { verdict: 'ERROR', faults: [{ code: 'TOO_LONG', field: ['role'] }] },
        { verdict: 'CREATE', name: 'b' },
      ])
      expect(found.columns[1]!.samples[0]!.length).toBeLessThanOrEqual(80)
    }
  })

  it('line by line as JSON, and lines that are none are errors of their own', async () => {
    const found = await check(
      '{"name":"j-1","cpu":4}\n\nnot json\n[1]\n{"name":"j-2","cpu":"x"}\n{"name":7}',
      'a.jsonl',
    )
    expect(found.rows.nodes.map(({ number, verdict }) => [number, verdict])).toEqual([
      [1, 'CREATE'],
      [3, 'ERROR'],
      [4, 'ERROR'],
      [5, 'ERROR'],
      [6, 'CREATE'],
    ])
  })
})

describe('a file is refused with the reason', () => {
  it.each([
    ['empty', '', 'a.csv', /empty/],
    ['blank', '\n\n  \n', 'a.csv', /empty/],
    ['a header alone', 'name,role\n', 'a.csv', /no rows/],
    ['a header twice', 'name,role,name\na,b,c', 'a.csv', /"name" is in the header twice/],
    [
      'Windows-1252',
      Buffer.from('name,role\na,b\nü,c', 'latin1'),
      'a.csv',
      /not in UTF-8: line 3 .*Windows-1252/,
    ],
    ['UTF-16 without a mark', utf16('name,role\na,b', false), 'a.csv', /Line 1 holds what is not text/],
    ['half a character at the end', Buffer.from('name\nü').subarray(0, -1), 'a.csv', /not in UTF-8: line 2/],
    ['a quote that is never closed', 'name,role\na,"b\nc,d', 'a.csv', /quote is opened and not closed/],
    ['a quote in the middle', 'name,role\na,"b"c', 'a.csv', /line 2, a quote/],
    ['too many columns', Array.from({ length: 501 }, (_, n) => `c${n}`).join(), 'a.csv', /501 columns/],
    ['another kind of file', 'x', 'a.pdf', /"a.pdf" is not called/],
    ['no zip', 'name,role', 'a.xlsx', /not a workbook/],
    ['an empty workbook', '', 'a.xlsx', /not a workbook/],
    ['JSON that is no JSONL', '[{"name":"a"}]', 'a.jsonl', /empty/],
  ])('%s', async (_what, content, name, message) => {
    expect(await begin(content, name)).toMatchObject({
      import: null,
      userErrors: [{ field: ['upload'], message: expect.stringMatching(message) }],
    })
  })

  it.each([
    ['a workbook without a sheet', () => workbook(frame), /has no xl\/worksheets\/first.xml/],
    [
      'a workbook that is broken',
      () => workbook({ ...frame, 'xl/worksheets/first.xml': '<worksheet><row></c></worksheet>' }),
      /damaged/,
    ],
    [
      'a workbook with entities that grow',
      () =>
        workbook({
          ...frame,
          'xl/worksheets/first.xml': `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${sheet('<row><c t="str"><v>&b;</v></c></row>')}`,
        }),
      /damaged/,
    ],
    [
      'a zip bomb of texts',
      () =>
        workbook({
          ...frame,
          'xl/sharedStrings.xml': Buffer.alloc(65 * 1024 * 1024, 'a'),
          'xl/worksheets/first.xml': sheet(headerRow),
        }),
      /unpacks to more than 64 MiB/,
    ],
    ['a zip bomb that lies about its size', () => lyingBomb(), /not a workbook|unpacks to more/],
    [
      'a zip with thousands of files',
      () =>
        workbook({ ...frame, ...Object.fromEntries(Array.from({ length: 2001 }, (_, n) => [`f${n}`, ''])) }),
      /too many files/,
    ],
  ])('%s', async (_what, content, message) => {
    const answer = await begin(await content(), 'a.xlsx')
    expect(answer).toMatchObject({ import: null, userErrors: [{ message: expect.stringMatching(message) }] })
  })

  it('also when it shows only later, and nothing is kept of its verdicts as if they were whole', async () => {
    const good = Array.from({ length: 20_000 }, (_, n) => `late-${n},role`).join('\n')
    const { import: order } = await begin(
      Buffer.concat([Buffer.from(`name,role\n${good}\n`), Buffer.from('ü,x\n', 'latin1')]),
      'a.csv',
    )
    expect(await work(api, token, 'Check', { id: order!.id })).toMatchObject({
      state: 'FAILED',
      problem: { code: 'FILE_UNREADABLE', message: expect.stringContaining('line 20002') },
    })
    expect(await step(api, token, 'Apply', { id: order!.id, mode: 'SKIP_ERRORS' })).toMatchObject({
      userErrors: [{ code: 'LOCKED' }],
    })
  })
})

/** Says that its sheet is small. */
async function lyingBomb(): Promise<Buffer> {
  const bytes = await workbook({ ...frame, 'xl/sharedStrings.xml': Buffer.alloc(70 * 1024 * 1024, 'a') })
  const size = Buffer.alloc(4)
  size.writeUInt32LE(70 * 1024 * 1024)
  for (let at = bytes.indexOf(size); at >= 0; at = bytes.indexOf(size, at + 1)) bytes.writeUInt32LE(1000, at)
  return bytes
}
