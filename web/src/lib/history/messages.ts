export const messages = {
  title: 'History',
  one: 'Change',
  empty: {
    title: 'Nothing has changed yet',
    text: 'Every edit, import and page of a crawl is written down here, with what was before and after, and can be undone.',
  },
  news: ['new change', 'new changes'] as const,
  older: 'Older changes',
  notHere: { title: 'This change is not here', text: 'It does not exist, or you may not see it.' },
  all: 'See the history',
  wasUndone: 'Was undone',
  undone: 'undone',
  undo: 'Undo this change',
  noRecords: 'This change holds no records.',
  moreRecords: 'More records',
  records: (n: number) => (n === 1 ? '1 record' : `${n} records`),
  relation: 'Relation',
  hidden: 'Something you may not see',
  nowEmpty: 'now empty',
  done: 'Undone. Everything is as it was before.',
  doing: 'This is a large change; it is being undone.',
  partly: (n: number) =>
    n === 1
      ? 'Undone, but for one thing that was changed again since.'
      : `Undone, but for ${n} things that were changed again since.`,
}
