import { existsSync, readFileSync } from 'node:fs'

export interface Distribution {
  id: string
  codename: string
}

/** Empty where the system does not say. */
export function distribution(): Distribution {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? ''
  return { id: value('ID'), codename: value('VERSION_CODENAME') }
}
