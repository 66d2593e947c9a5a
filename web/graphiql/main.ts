import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './page.css'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createClient } from 'graphql-ws'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { accessToken } from './session.ts'
import { welcome } from './welcome.ts'

const subscriptions = createClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  connectionParams: async () => {
    const token = await accessToken()
    return token ? { authorization: `Bearer ${token}` } : {}
  },
})

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  wsClient: subscriptions,
  async fetch(input: RequestInfo | URL, init?: RequestInit) {
    const headers = new Headers(init?.headers)
    headers.set('apollo-require-preflight', 'true')
    // A token typed into the headers editor wins: that is how people try an API token.
    if (!headers.has('authorization')) {
      const token = await accessToken()
      if (token) headers.set('authorization', `Bearer ${token}`)
    }
    return fetch(input, { ...init, headers })
  },
})

// Whoever is not signed in would only see refusals.
if (!(await accessToken())) location.replace('/sign-in?next=/graphql')

createRoot(document.getElementById('graphiql')!).render(
  createElement(GraphiQL, {
    fetcher,
    defaultQuery: welcome,
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
  }),
)
