import { counted } from '#lib/ui/numbers.ts'

export const messages = {
  access: 'Access',
  change: 'Change access',
  share: 'Share',
  title: (what: string) => `Who may see and change ${what}`,
  text: 'Read sees it with its history. Write changes it. Admin also retires it and decides who has access.',
  inherits: 'What this connection finds from now on begins with the same list.',
  add: 'Add a person or team',
  addHint: 'Type a name or e-mail address…',
  nobody: 'Nobody you know is called so. Invite people into a team first.',
  level: (name: string) => `Level of ${name}`,
  levels: { READ: 'Read', WRITE: 'Write', ADMIN: 'Admin' },
  differs: 'Differs',
  team: 'team',
  you: 'you',
  stranger: { USER: 'A person you do not know', TEAM: 'A team you do not know' },
  on: (some: number, all: number) => `on ${some} of ${all}`,
  fresh: 'new',
  removed: 'will be removed',
  remove: (name: string) => `Remove ${name}`,
  keep: (name: string) => `Keep ${name} after all`,
  keepShort: 'Keep',
  save: 'Save access',
  saved: (what: string) => `Access to ${what} changed.`,
  undo: 'Undo',
  nothing: 'Nothing to change yet.',
  summary: (set: number, removed: number, things: number) =>
    [
      set && `${set} to set`,
      removed && `${removed} to remove`,
      things > 1 && `on ${counted(things, 'thing')}`,
    ]
      .filter(Boolean)
      .join(', '),
  leaving: 'You will no longer have access yourself.',
  empty: 'Nobody has been given access. Administrators of this installation still reach it.',
  one: 'One person or team has access.',
  count: (n: number) => `${n} people and teams have access.`,
}
