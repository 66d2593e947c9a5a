/** What a newcomer finds in the editor. */
export const welcome = `# Maestro speaks GraphQL. You are signed in with your browser session.
# Ctrl-Enter runs the operation under the cursor; Ctrl-Space completes.
# Scripts send "authorization: Bearer <access token>" instead.

query BiggestServers {
  servers(
    first: 10
    filter: { status: { eq: ACTIVE } }
    orderBy: [{ field: MEMORY_GIB, direction: DESC }]
  ) {
    totalCount
    nodes {
      name
      ipv4Private
      memoryGiB
      datacenter {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}

# Subscriptions arrive over a WebSocket: start this one, then press Sync on a connection.
subscription RunsLive {
  runs {
    title
    state
    totals {
      found
      created
      changed
      unchanged
    }
  }
}
`
