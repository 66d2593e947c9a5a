import { describe, expect, it } from 'vitest'
import { compose, type MailContent } from './compose.ts'

const content: MailContent = {
  what: 'TEST',
  to: 'grace@example.org',
  subject: 'Test',
  greeting: 'Hello,',
  paragraphs: ['one', 'two'],
}
const base = 'https://maestro.example.org'
const about = (paragraph: string) => compose({ ...content, paragraphs: [paragraph] }, base)

describe('a link', () => {
  it('leads into this installation', () => {
    const { text, html } = compose({ ...content, link: { label: 'Go', path: '/a?b=1&c="' } }, `${base}/`)
    expect(text).toContain('Go:\nhttps://maestro.example.org/a?b=1&c=%22\n')
    expect(html).toContain('href="https://maestro.example.org/a?b=1&amp;c=%22"')
  })

  it.each(['//evil.example/a', 'https://evil.example', 'javascript:alert(1)', '\\\\evil.example', 'data:,x'])(
    'never leads to %s',
    (path) => {
      expect(() => compose({ ...content, link: { label: 'Go', path } }, base)).toThrow(
        'this installation only',
      )
    },
  )

  it('needs an installation that is on the web', () => {
    expect(() => compose({ ...content, link: { label: 'Go', path: '/a' } }, 'ftp://maestro')).toThrow()
  })
})

describe('a text', () => {
  it.each([
    ['<b>&"\'', '&lt;b&gt;&amp;&quot;&#39;'],
    ['one\r\n\ttwo\u2028three\0', 'one two three'],
    ['\u202eabc\u2066', 'abc'],
  ])('%j is text', (given, shown) => {
    expect(about(given).html).toContain(`<p>${shown}</p>`)
  })

  it.each([
    'evil.example',
    'www.evil.example',
    'https://evil.example/x',
    'me@evil.example/x',
    'http://1.2.3.4',
  ])('holding %s does not become a link by itself', (address) => {
    const { text, html } = about(`You won, see ${address} now`)
    for (const body of [text, html]) {
      expect(body).toContain('You won, see ')
      expect(body).not.toContain(address)
      // The sign is there for nobody to see.
      expect(body.replaceAll('\u200c', '')).toContain(address)
    }
  })

  it.each(['grace@example.org', 'Done. Next', 'version 3.5', 'at 10:30, etc.'])(
    'holding %s stays as it is',
    (given) => {
      expect(about(given).text).toContain(`\n\n${given}\n\n`)
    },
  )

  it('has a subject of one line that is not too long', () => {
    const { subject } = compose({ ...content, subject: `a\nb${'c'.repeat(500)}` }, base)
    expect(subject).toMatch(/^a bc+…$/)
    expect(subject).toHaveLength(200)
  })
})
