/**
 * What clients may ask of the embedded engine. Everything else is refused before it gets there: the session commands
 * crash its process, `fsync` with a lock would stop every write, and the rest nobody needs.
 */
export const allowed: ReadonlySet<string> = new Set([
  ...['hello', 'ismaster', 'isMaster', 'ping', 'buildInfo', 'buildinfo', 'connectionStatus', 'whatsmyuri'],
  ...['find', 'getMore', 'killCursors', 'aggregate', 'count', 'distinct', 'explain'],
  ...['insert', 'update', 'delete', 'findAndModify', 'findandmodify', 'bulkWrite'],
  ...['create', 'drop', 'dropDatabase', 'renameCollection', 'listCollections', 'listDatabases', 'validate'],
  ...['createIndexes', 'dropIndexes', 'listIndexes'],
  ...['serverStatus', 'dbStats', 'dbstats', 'collStats', 'collstats', 'currentOp', 'killOp', 'getParameter'],
])
