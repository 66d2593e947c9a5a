import type { TestApi } from '../../api/testing.ts'

// Tests say by their assertions what they expect of an answer.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any

/** Runs one mutation by its name; its input type is named after it unless that is said. */
export async function mutate(
  api: TestApi,
  token: string | null,
  name: string,
  input: Record<string, unknown>,
  fields = '',
  options: { inputType?: string; headers?: Record<string, string> } = {},
): Promise<Loose> {
  const type = options.inputType ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const { data, errors, headers } = await api.query(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code field message } } }`,
    { input },
    token,
    options.headers,
  )
  const cookie = headers.get('set-cookie')?.split(';')[0]
  if (errors) return { error: errors[0]!.extensions.code, message: errors[0]!.message }
  return { ...data[name], cookie }
}

/** Codes of what was not accepted; empty when all was. */
export const codes = (answer: Loose): string[] =>
  answer.error ? [answer.error] : answer.userErrors.map((one: { code: string }) => one.code)

/** The newest mail to an address, as the administrator reads it in the outbox, and the secret of its link. */
export async function mailTo(api: TestApi, administrator: string, email: string) {
  for (let tries = 0; tries < 100; tries++) {
    const { data } = await api.query('{ mails(first: 50) { nodes { to subject text } } }', {}, administrator)
    const mail = (data.mails.nodes as { to: string; subject: string; text: string }[]).find(
      ({ to }) => to === email,
    )
    if (mail) return { ...mail, secret: /token=([\w-]+)/.exec(mail.text)?.[1] ?? '' }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`No mail came to ${email}.`)
}

export const forgetMails = (api: TestApi) => api.core.db.collection('mails').deleteMany({})
