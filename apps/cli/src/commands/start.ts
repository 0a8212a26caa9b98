import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { signedOutMessage, servedAccounts } from "../account/savedAccounts.ts"
import { binName } from "../binName.ts"
import type { ServeFlags } from "../serve/broadcastOptions.ts"
import { resolveSettings } from "../settings/Settings.ts"

/** `blink-streams start`: serves the configured accounts, or the demo when there are none. */
export const start = async (flags: ServeFlags & { readonly emulatorPort: number }): Promise<void> => {
  const folder = new StateFolder(resolveSettings(flags).dir)
  const isConfigured = Boolean(process.env["BLINK_EMAIL"]) || servedAccounts(folder).length > 0
  if (isConfigured) return (await import("./serve.ts")).serve(flags)
  const signedOut = signedOutMessage(folder)
  if (signedOut !== null)
    process.stderr.write(`blink-streams: ${signedOut}; starting the demo instead: run ${binName()} login\n`)
  const { demo } = await import("./demo.ts")
  await demo({ ...flags, seed: 1, scenario: "home", speed: 1 })
}
