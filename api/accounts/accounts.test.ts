import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../testing.ts'

describe('signing up', () => {
  let api: TestApi
  beforeAll(async () => void (api = await startTestApi({ settings: { OPEN_SIGNUP: 'false' } })))
  afterAll(() => api.close())

  it('makes one administrator of two people who come first at once, and closes', async () => {
    const before = await api.query('{ installation { version needsFirstAccount signUpOpen } viewer { id } }')
    expect(before.data).toEqual({
      installation: { version: '0.1.0', needsFirstAccount: true, signUpOpen: true },
      viewer: null,
    })

    const answers = await Promise.all(
      ['ada', 'bob', 'cyd', 'dan'].map((name) => api.query(signUp, { input: account(name) })),
    )

    const made = answers.filter(({ data }) => data.userSignUp.signedIn)
    expect(made).toHaveLength(1)
    expect(made[0]!.data.userSignUp.signedIn.user.administrator).toBe(true)
    for (const answer of answers.filter((answer) => !made.includes(answer)))
      expect(answer.data.userSignUp.userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
    const after = await api.query('{ installation { needsFirstAccount signUpOpen } }')
    expect(after.data.installation).toEqual({ needsFirstAccount: false, signUpOpen: false })
    expect((await api.query(signUp, { input: account('eve') })).data.userSignUp).toMatchObject({
      signedIn: null,
      userErrors: [{ code: 'FORBIDDEN', field: null }],
    })
  })
})

const account = (name: string) => ({
  name: `${name} ${name}`,
  email: `${name}@example.org`,
  password: 'a long password',
})

const signUp = `mutation ($input: UserSignUpInput!) {
  userSignUp(input: $input) {
    signedIn { accessToken expiresAt user { id name email administrator createdAt } }
    userErrors { code field message }
  }
}`
