/** What a server process needs of our environment; NODE_OPTIONS and the like are ours alone. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG, TZ } = process.env
  return { PATH, HOME, TMPDIR, LANG, TZ, LC_ALL: 'C.UTF-8' }
}
