import { describe, expect, it } from 'vitest'
import { elsewhere } from './elsewhere.ts'

const usual = {
  version: '1',
  needsFirstAccount: false,
  signUpOpen: false,
  passwordSignIn: true,
  singleSignOn: null,
  theme: 'lotus',
}

const from = (path: string, state: 'SIGNED_OUT' | 'SIGNED_IN', installation: Partial<typeof usual> = {}) =>
  elsewhere(new URL(path, 'https://maestro.example.org'), {
    state,
    installation: { ...usual, ...installation },
  })

describe('somebody who is not signed in', () => {
  it('goes to the sign-in and comes back to the page that was asked for', () => {
    expect(from('/servers?f=a:is:b', 'SIGNED_OUT')).toBe('/sign-in?next=%2Fservers%3Ff%3Da%3Ais%3Ab')
    expect(from('/', 'SIGNED_OUT')).toBe('/sign-in')
  })

  it('may follow the links of mails', () => {
    for (const path of ['/invitation?token=x', '/confirm-email?token=x', '/reset-password?token=x'])
      expect(from(path, 'SIGNED_OUT')).toBeNull()
  })

  it('sees only doors that are open', () => {
    expect(from('/sign-in', 'SIGNED_OUT')).toBeNull()
    expect(from('/sign-up', 'SIGNED_OUT')).toBe('/sign-in')
    expect(from('/sign-up', 'SIGNED_OUT', { signUpOpen: true })).toBeNull()
    expect(from('/forgot-password', 'SIGNED_OUT')).toBeNull()
    expect(from('/forgot-password', 'SIGNED_OUT', { passwordSignIn: false })).toBe('/sign-in')
    expect(from('/first-account', 'SIGNED_OUT')).toBe('/sign-in')
  })

  it('creates the first account, unless accounts come from the single sign-on alone', () => {
    expect(from('/invitation?token=x', 'SIGNED_OUT', { needsFirstAccount: true })).toBe('/first-account')
    expect(from('/first-account', 'SIGNED_OUT', { needsFirstAccount: true })).toBeNull()
    const alone = { needsFirstAccount: true, passwordSignIn: false }
    expect(from('/', 'SIGNED_OUT', alone)).toBe('/sign-in')
    expect(from('/first-account', 'SIGNED_OUT', alone)).toBe('/sign-in')
  })
})

describe('somebody who is signed in', () => {
  it('stays, also where a link of a mail has led', () => {
    for (const path of ['/', '/servers', '/invitation?token=x', '/confirm-email?token=x', '/reset-password'])
      expect(from(path, 'SIGNED_IN')).toBeNull()
  })

  it('goes on from a door to the page that was asked for', () => {
    expect(from('/sign-in', 'SIGNED_IN')).toBe('/')
    expect(from('/sign-in?next=%2Fservers%3Ff%3D1', 'SIGNED_IN')).toBe('/servers?f=1')
    expect(from('/forgot-password', 'SIGNED_IN')).toBe('/')
  })

  it('never goes to another host, nor back and forth between doors', () => {
    const bad = [
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'https://evil.example',
      '/.//evil.example',
    ]
    for (const next of [...bad, '/sign-in?next=%2Fsign-in'])
      expect(from(`/sign-in?next=${encodeURIComponent(next)}`, 'SIGNED_IN')).toBe('/')
  })
})
