export interface MailContent {
  /** Kind of mail, for the administrator's list. */
  what: string
  to: string
  subject: string
  greeting: string
  paragraphs: string[]
  /** Path of the web app that the reader is to follow. */
  link?: { label: string; path: string }
  closing?: string
}

/** The mail as plain text and as HTML. Names in it are somebody's input, so nothing is taken as markup or as a header. */
export function compose(
  content: MailContent,
  baseUrl: string,
): { subject: string; text: string; html: string } {
  const { greeting, paragraphs, link, closing } = content
  const url = link && new URL(link.path, `${baseUrl}/`).href
  const subject = oneLine(content.subject)
  const text = [greeting, ...paragraphs, url && `${link!.label}:\n${url}`, closing, '-- \nMaestro']
    .filter(Boolean)
    .join('\n\n')
  const paragraph = (line: string) => `<p style="margin:0 0 16px">${escaped(line)}</p>`
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">',
    `<title>${escaped(subject)}</title></head>`,
    '<body style="margin:0;padding:24px;font:15px/1.5 system-ui,-apple-system,\'Segoe UI\',sans-serif">',
    '<div style="max-width:560px;margin:0 auto">',
    paragraph(greeting),
    ...paragraphs.map(paragraph),
    url
      ? `<p style="margin:0 0 16px"><a href="${escaped(url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#9c2f7f;color:#fff;text-decoration:none">${escaped(link!.label)}</a></p><p style="margin:0 0 16px;font-size:13px">Or open this address: <a href="${escaped(url)}">${escaped(url)}</a></p>`
      : '',
    closing ? `<p style="margin:0 0 16px;font-size:13px;opacity:.8">${escaped(closing)}</p>` : '',
    '<p style="margin:0;font-size:13px;opacity:.8">Maestro</p></div></body></html>',
  ].join('')
  return { subject, text, html }
}

/** A line break in a name would begin another header. */
const oneLine = (text: string) => text.replace(/\p{Cc}+/gu, ' ').trim()

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!)
