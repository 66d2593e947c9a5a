import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOnPath } from './command.ts'
import { libraryPath, unpack } from './packages.ts'
import type { Tool } from './tool.ts'

/** Ansible for tests, to gather the true facts of this machine: one on the PATH, else the distribution's. */
export async function ansible(say?: (line: string) => void): Promise<Tool> {
  const installed = findOnPath('ansible')
  if (installed) return { command: installed, args: [], env: scratch() }
  const root = await unpack('ansible', ['ansible-core'], {
    leaveOut: /^(libc6|dpkg|tar|adduser|passwd|debconf|usrmerge|libpam.*|libsemanage.*|openssh-client|wget)$/,
    otherwise: 'Install ansible-core to run the tests that gather facts.',
    say,
  })
  const python = join(root, 'usr/bin/python3')
  return {
    command: python,
    args: [join(root, 'usr/bin/ansible')],
    env: {
      ...scratch(),
      LD_LIBRARY_PATH: libraryPath(root),
      PYTHONHOME: join(root, 'usr'),
      PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
      ANSIBLE_PYTHON_INTERPRETER: python,
      ANSIBLE_LOCALHOST_WARNING: 'false',
    },
  }
}

/** Some accounts that run tests have no home, where Ansible would keep its scratch files. */
function scratch(): Record<string, string> {
  const folder = join(tmpdir(), `maestro-ansible-${process.getuid?.() ?? 0}`)
  return {
    ANSIBLE_HOME: folder,
    ANSIBLE_LOCAL_TEMP: join(folder, 'local'),
    ANSIBLE_REMOTE_TMP: join(folder, 'remote'),
  }
}
