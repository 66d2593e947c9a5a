/** Its texts may hold names that strangers chose, so nothing in them is taken for more than text. */
export interface MailContent {
  /** Short name of the occasion for the list of mails, such as INVITATION. */
  what: string
  to: string
  subject: string
  greeting: string
  paragraphs: string[]
  /** Path of the web app that the reader is to follow, such as `/reset-password?token=…`. */
  link?: { label: string; path: string }
  closing?: string
}

export interface Composed {
  subject: string
  text: string
  html: string
}

/**
 * The mail as plain text and as HTML. No colours but the button's, so that it reads on a dark ground as on a light one,
 * and nothing that would be loaded from anywhere.
 *
 * @throws Error when the link would lead out of this installation
 */
export function compose(content: MailContent, baseUrl: string): Composed {
  const subject = plain(content.subject)
  const greeting = plain(content.greeting)
  const paragraphs = content.paragraphs.map(plain)
  const closing = content.closing === undefined ? [] : [plain(content.closing)]
  const link = content.link && {
    label: plain(content.link.label),
    url: addressOf(content.link.path, baseUrl),
  }
  const sender = `Sent by Maestro at ${new URL(baseUrl).origin}`
  return {
    subject: clipped(subject, 200),
    text: [
      greeting,
      ...paragraphs,
      ...(link ? [`${link.label}:\n${link.url}`] : []),
      ...closing,
      `-- \n${sender}`,
    ]
      .join('\n\n')
      .concat('\n'),
    html: page(subject, [
      ...[greeting, ...paragraphs].map((text) => `<p>${escaped(text)}</p>`),
      ...(link ? [button(link), bare(link.url)] : []),
      ...closing.map(small),
      small(sender),
    ]),
  }
}

function addressOf(path: string, baseUrl: string): string {
  const base = new URL(baseUrl)
  const url = new URL(path, base)
  if (!/^https?:$/.test(url.protocol) || url.origin !== base.origin)
    throw new Error('A mail may link to this installation only.')
  return url.href
}

/** One line: line breaks would make headers, and marks that turn the direction of reading would make other words. */
const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\S+/g, unlinked)
    .trim()

/**
 * Mail programs turn `evil.example` into a link by themselves, which would let whoever chooses a name put their own
 * address into a mail of ours. An invisible character keeps them from it; mail addresses stay as they are.
 */
const unlinked = (word: string): string =>
  /^[^@/]+@[^@/]+$/.test(word)
    ? word
    : word.replace(/(?<=[\p{L}\p{N}-])\.(?=[\p{L}\p{N}]*\p{L})/gu, '\u200c.').replace(/:(?=\/\/)/g, '\u200c:')

const clipped = (text: string, length: number) =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign]!)

const button = ({ label, url }: { label: string; url: string }) =>
  `<p style="margin:24px 0"><a href="${escaped(url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background-color:#9c2f7f;color:#ffffff;font-weight:600;text-decoration:none">${escaped(label)}</a></p>`

const bare = (url: string) =>
  `<p style="font-size:14px">If the button does nothing, open this address:<br><a href="${escaped(url)}" style="word-break:break-all">${escaped(url)}</a></p>`

const small = (text: string) => `<p style="font-size:14px">${escaped(text)}</p>`

const page = (title: string, parts: string[]) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(title)}</title>
</head>
<body style="margin:0;padding:24px 16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:560px;margin:0 auto">
${parts.join('\n')}
</div>
</body>
</html>
`
