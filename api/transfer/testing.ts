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

/** Sends a file the way that people do. */
export async function send(
  api: TestApi,
  token: string,
  name: string,
  content: string | Buffer,
): Promise<string> {
  const { data } = await api.query(
    'mutation ($name: String!) { uploadCreate(input: { name: $name }) { url upload { id } } }',
    { name },
    token,
  )
  const sent = await fetch(`${api.url}${data.uploadCreate.url}`, {
    method: 'PUT',
    body: new Uint8Array(Buffer.from(content)),
  })
  if (sent.status !== 200) throw new Error(await sent.text())
  return data.uploadCreate.upload.id as string
}

export interface ImportAnswer {
  id: string
  columns: { header: string; field: string | null; samples: string[] }[]
}

/** One step of an import, such as importCreate. */
export async function step(api: TestApi, token: string, name: string, input: object) {
  const { data, errors } = await api.query(
    `mutation ($input: Import${name}Input!) {
      answer: import${name}(input: $input) {
        import { id kind fileName format columns { header field samples } counts { create } }
        run { id state }
        userErrors { code field message }
      }
    }`,
    { input },
    token,
  )
  if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
  return data.answer as {
    import: ImportAnswer | null
    run: { id: string } | null
    userErrors: { code: string; field: string[] | null; message: string }[]
  }
}

/** Starts a step that a worker does, and waits until it has ended. */
export async function work(api: TestApi, token: string, name: string, input: object) {
  const { run, userErrors } = await step(api, token, name, input)
  if (!run) throw Object.assign(new Error(userErrors[0]!.message), { userErrors })
  for (;;) {
    const { data } = await api.query(
      'query ($id: ID!) { run(id: $id) { state problem { code message } totals { found created changed unchanged quarantined } } }',
      { id: run.id },
      token,
    )
    if (!['QUEUED', 'RUNNING'].includes(data.run.state as string))
      return data.run as {
        state: string
        problem: { code: string; message: string } | null
        totals: Record<string, number>
      }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** An import as it stands, with its rows. */
export async function readImport(api: TestApi, token: string, id: string, verdict: string[] | null = null) {
  const { data, errors } = await api.query(
    `query ($id: ID!, $verdict: [ImportVerdict!]) {
      import(id: $id) {
        counts { create update unchanged conflict error } appliedAt latestRun { kind state }
        changeSet { id title origin counts { created changed } }
        rows(first: 100, verdict: $verdict) {
          totalCount nodes { number verdict name assetId fields faults { code field message } }
        }
      }
    }`,
    { id, verdict },
    token,
  )
  if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
  return data.import as {
    counts: Record<string, number> | null
    appliedAt: string | null
    latestRun: { kind: string; state: string } | null
    changeSet: { id: string; title: string; origin: string; counts: Record<string, number> } | null
    rows: {
      totalCount: number
      nodes: {
        number: number
        verdict: string
        name: string | null
        assetId: string | null
        fields: string[]
        faults: { code: string; field: string[] | null; message: string }[]
      }[]
    }
  }
}
