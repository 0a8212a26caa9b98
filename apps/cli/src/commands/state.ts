import { stateText } from "@blink-streams/watcher/lines"
import { connectHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"

/** `blink-streams state`. */
export const state = async (flags: ConnectFlags & { readonly json?: boolean }): Promise<void> => {
  const home = await connectHome(flags)
  try {
    const now = await firstState(home.client)
    process.stdout.write(`${flags.json ? JSON.stringify(now) : stateText(now, Date.now())}\n`)
  } finally {
    await home.close()
  }
}
