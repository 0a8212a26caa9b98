import type { Client } from "@blink-streams/client"

/** Resolves once `condition` holds, which is checked now and after each change of the client. */
export const until = (client: Client, condition: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const check = (): void => {
      if (!condition()) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = client.subscribe(check)
    check()
  })
