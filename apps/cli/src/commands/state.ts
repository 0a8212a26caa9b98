import { httpClient } from "@blink-streams/client/http"
import { readerText, stateText } from "@blink-streams/watcher/lines"
import { withHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"
import { printResult } from "../terminal/printResult.ts"

/** `blink-streams state`. */
export const state = (flags: ConnectFlags & { readonly json?: boolean }): Promise<void> =>
  withHome(flags, async ({ client, url, token }) => {
    const snapshot = await firstState(client)
    const { readers } = await httpClient({ url, token }).state()
    const now = Date.now()
    const lines = readers.map((reader) => `Reader ${reader.name}: ${readerText(reader, now)}`)
    const text = [stateText(snapshot, now), ...(lines.length === 0 ? [] : ["", ...lines])].join("\n")
    printResult(flags.json, { ...snapshot, readers }, text)
  })
