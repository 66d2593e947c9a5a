export const messages = {
  label: 'Workspace:',
  everything: 'Everything',
  everythingHint: 'All that you may see',
  mine: 'Mine',
  mineHint: 'What is yours alone',
  team: 'Team',
  teams: 'Teams',
  newTeam: 'New team',
  manage: 'Manage teams',
  wider: 'Look in everything',
  owner: (name: string) => `It will belong to ${name}, the workspace you are in.`,
  gone: (name: string | null) =>
    `You no longer have access to ${name ?? 'the workspace you had chosen'}. You see everything again that you may see.`,
}
