import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { WebSocketServer } from 'ws'

/** Hands what comes over Redis to every socket, as it is. */
const { REDIS_URL = '', CHANNEL = '' } = process.env
const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
const redis = new Redis(REDIS_URL.replace(/^unix:\/\//, ''))
redis.on('message', (_channel, message) => {
  for (const socket of sockets.clients) socket.send(message)
})
await redis.subscribe(CHANNEL)
process.send!({ url: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}` })
