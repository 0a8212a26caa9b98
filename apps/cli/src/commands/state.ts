import { stateText } from "@blink-streams/watcher"
import { type ConnectFlags, firstState, connectHome } from "../connect/connectHome.ts"

/** Timeout of the first snapshot. */
export const firstStateTimeoutMillis = 30_000

/** `blink-streams state`. */
export const state = async (flags: ConnectFlags & { readonly json?: boolean }): Promise<void> => {
  const home = await connectHome(flags)
  try {
    const now = await firstState(home.client, firstStateTimeoutMillis)
    process.stdout.write(`${flags.json ? JSON.stringify(now) : stateText(now, Date.now())}\n`)
  } finally {
    await home.close()
  }
}
