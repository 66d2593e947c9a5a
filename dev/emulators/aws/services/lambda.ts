import type { Call } from '../actions.ts'
import { Fault } from '../fault.ts'
import { pageOf, suffer } from '../listing.ts'
import { sizeIn } from '../protocols/query.ts'
import { restJsonService } from '../protocols/rest.ts'
import { shelfOf, without } from './shelf.ts'

export const lambda = restJsonService([
  {
    method: 'GET',
    path: /^\/2015-03-31\/functions\/?$/,
    permission: 'lambda:ListFunctions',
    async answer(call) {
      const { things, next } = await listed(call, 'functions')
      return { Functions: things.map((one) => without(one, 'Tags')), NextMarker: next }
    },
  },
  {
    method: 'GET',
    path: /^\/2018-10-31\/layers\/?$/,
    permission: 'lambda:ListLayers',
    async answer(call) {
      const { things, next } = await listed(call, 'function-layers')
      return { NextMarker: next, Layers: things }
    },
  },
  {
    method: 'GET',
    path: /^\/2017-03-31\/tags\/([^/]+)$/,
    permission: 'lambda:ListTags',
    async answer(call, [arn = '']) {
      await suffer(call, 0)
      const found = shelfOf(call, 'functions').get(arn)
      if (!found) throw new Fault(404, 'ResourceNotFoundException', `Function not found: ${arn}`)
      return { Tags: found.Tags ?? {} }
    },
  },
])

/** A request may ask for more than comes on a page. */
const listed = (call: Call, type: string) =>
  pageOf(call, type, {
    size: Math.min(50, sizeIn(call.query.get('MaxItems'), [1, 10_000])),
    token: call.query.get('Marker'),
  })
