import type { Redis } from 'ioredis'

/** What happens in one process and is watched in another: messages over Redis, not stored, not replayed. */
export class Live {
  private readonly listeners = new Map<string, Set<(message: string) => void>>()

  constructor(
    private readonly publisher: Redis,
    private readonly subscriber: Redis,
  ) {
    subscriber.on('message', (channel: string, message: string) => {
      for (const listener of this.listeners.get(channel) ?? []) listener(message)
    })
  }

  /** A Redis that is away costs the watchers one update, never the work that reports it. */
  publish(channel: string, message: unknown) {
    this.publisher.publish(channel, JSON.stringify(message)).catch(() => undefined)
  }

  /** Calls back for each message from the moment the promise resolves; the answer ends it. */
  async listen(channel: string, listener: (message: string) => void): Promise<() => void> {
    let listeners = this.listeners.get(channel)
    if (!listeners) {
      listeners = new Set()
      this.listeners.set(channel, listeners)
    }
    listeners.add(listener)
    if (listeners.size === 1) await this.subscriber.subscribe(channel)
    return () => {
      listeners.delete(listener)
      if (listeners.size) return
      this.listeners.delete(channel)
      void this.subscriber.unsubscribe(channel)
    }
  }

  /**
   * The messages of a channel as an async iterable, from the moment the promise resolves. A reader who is slower than
   * the messages gets the newest `capacity` of them.
   */
  async watch<T>(channel: string, capacity = 1000): Promise<AsyncIterableIterator<T>> {
    const waiting: string[] = []
    let wake = () => {}
    let ended = false
    const stop = await this.listen(channel, (message) => {
      waiting.push(message)
      if (waiting.length > capacity) waiting.shift()
      wake()
    })
    const messages: AsyncIterableIterator<T> = {
      async next() {
        while (!ended && !waiting.length) await new Promise<void>((resolve) => (wake = resolve))
        return ended
          ? { value: undefined, done: true }
          : { value: JSON.parse(waiting.shift()!) as T, done: false }
      },
      // A generator would answer `return` only after the next message.
      async return() {
        ended = true
        stop()
        wake()
        return { value: undefined, done: true }
      },
      [Symbol.asyncIterator]: () => messages,
    }
    return messages
  }
}
