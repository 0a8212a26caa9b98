import { stateText } from "@blink-streams/watcher/lines"
import { withHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"
import { printResult } from "../terminal/printResult.ts"

/** `blink-streams state`. */
export const state = (flags: ConnectFlags & { readonly json?: boolean }): Promise<void> =>
  withHome(flags, async ({ client }) => {
    const now = await firstState(client)
    printResult(flags.json, now, stateText(now, Date.now()))
  })
