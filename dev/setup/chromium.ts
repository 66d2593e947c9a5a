import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findOnPath } from './command.ts'
import { libraryPath, unpack } from './packages.ts'
import type { Tool } from './tool.ts'

/** The tests open our own pages only, and the sandbox needs either root's helper or a kernel that lets users have one. */
const args = ['--no-sandbox']

/** A Chromium for tests: CHROMIUM, else one on the PATH, else the distribution's, unpacked privately. */
export async function chromium(say?: (line: string) => void): Promise<Tool> {
  const installed = process.env.CHROMIUM || findOnPath('chromium') || findOnPath('google-chrome')
  if (installed) return { command: installed, args, env: {} }
  const root = await unpack('chromium', ['chromium', 'fonts-dejavu-core'], {
    leaveOut:
      /^(libc6|dpkg|tar|perl.*|lib.*-perl|libperl.*|adduser|passwd|debconf|usrmerge|mount|procps|systemd.*|dbus.*|.*init.*|libpam.*|x11-utils|xdg-utils|libllvm.*|libgl1-mesa-dri|adwaita-icon-theme|shared-mime-info)$/,
    otherwise: 'Install Chromium, or name one in CHROMIUM, to run the tests that need a browser.',
    say,
  })
  return {
    command: join(root, 'usr/lib/chromium/chromium'),
    args,
    env: { LD_LIBRARY_PATH: libraryPath(root), FONTCONFIG_FILE: fonts(root) },
  }
}

/** Debian's own file names the system's font folders, which may be empty. */
function fonts(root: string): string {
  const cache = join(dirname(root), 'font-cache')
  const file = join(dirname(root), 'fonts.conf')
  mkdirSync(cache, { recursive: true })
  const content = `<fontconfig><dir>${root}/usr/share/fonts</dir><cachedir>${cache}</cachedir></fontconfig>\n`
  writeFileSync(file, `<?xml version="1.0"?>\n${content}`)
  return file
}
