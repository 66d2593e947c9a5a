export const messages = {
  pick: 'Another time',
  pickHint: 'Show this as it was at another time',
  when: 'As it was at',
  show: 'Show it',
  banner: (moment: string) => `As of ${moment}`,
  readOnly: 'The past can be looked at, not changed. Who may see what is decided as of now.',
  back: 'Back to now',
  spans: [
    ['An hour ago', 3_600_000],
    ['Yesterday, at this time', 86_400_000],
    ['A week ago', 604_800_000],
    ['30 days ago', 2_592_000_000],
  ] as const,
}
