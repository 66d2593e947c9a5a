export const messages = {
  title: 'Search',
  hint: 'Paste a name, an address, an instance id…',
  things: 'Things',
  pages: 'Pages',
  actions: 'Actions',
  addConnection: 'Add a connection',
  addTeam: 'Make a team',
  nothing: (text: string) => `Nothing is called “${text}”.`,
}
