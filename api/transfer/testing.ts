import type { TestApi } from '../testing.ts'

/** Asks for an export and answers where it is. */
export async function exportUrl(api: TestApi, token: string, input: object, headers = {}) {
  const { data, errors } = await api.query(
    `mutation ($input: ExportCreateInput!) {
      exportCreate(input: $input) { url userErrors { code field message } }
    }`,
    { input },
    token,
    headers,
  )
  if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
  return data.exportCreate as {
    url: string | null
    userErrors: { code: string; field: string[] | null; message: string }[]
  }
}

/** The file of an export. */
export async function download(api: TestApi, token: string, input: object, headers = {}): Promise<Buffer> {
  const { url, userErrors } = await exportUrl(api, token, input, headers)
  if (!url) throw new Error(JSON.stringify(userErrors))
  const answer = await fetch(`${api.url}${url}`)
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`)
  return Buffer.from(await answer.arrayBuffer())
}
