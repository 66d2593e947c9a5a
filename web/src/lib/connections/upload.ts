import { mutate } from '#lib/client.ts'
import { UploadCreateDocument } from '#lib/gql/generated.ts'

/** Brings one file to the server and answers the name to use for it. Throws a sentence for a person. */
export async function upload(file: File): Promise<{ id: string; name: string }> {
  const { uploadCreate } = await mutate(UploadCreateDocument, { input: { name: file.name } })
  const problem = uploadCreate.userErrors[0]
  if (problem || !uploadCreate.upload || !uploadCreate.url)
    throw new Error(problem?.message ?? `${file.name} was not accepted.`)
  const answer = await fetch(uploadCreate.url, { method: 'PUT', body: file, credentials: 'same-origin' })
  if (!answer.ok) {
    const reason = (await answer.text()).slice(0, 300)
    throw new Error(
      reason && !reason.startsWith('<') ? reason : `${file.name} could not be stored. Choose it again.`,
    )
  }
  return uploadCreate.upload
}
