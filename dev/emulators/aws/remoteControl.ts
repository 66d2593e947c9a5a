import type { Control } from './control.ts'

/** The handles of an emulator that runs in another process; each gives a promise. */
export type RemoteControl = {
  [K in keyof Control]: (...args: Parameters<Control[K]>) => Promise<ReturnType<Control[K]>>
}

export function remoteControl(url: string): RemoteControl {
  return new Proxy({} as RemoteControl, {
    get(_, name) {
      // A promise has this name, and an object that has it would be awaited.
      if (typeof name !== 'string' || name === 'then') return undefined
      return async (...args: unknown[]) => {
        const response = await fetch(new URL('/_control', url), {
          method: 'POST',
          body: JSON.stringify({ do: name, with: args }),
        })
        const { result, error } = (await response.json()) as { result?: unknown; error?: string }
        if (error) throw new Error(error)
        return result
      }
    },
  })
}
