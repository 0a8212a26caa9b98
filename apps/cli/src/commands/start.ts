import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { notSignedIn, servedAccounts } from "../savedAccounts.ts"
import { ownName } from "../ownName.ts"
import type { ServingFlags } from "../serving.ts"
import { resolveSettings } from "../Settings.ts"

/** `blink-streams start`: the configured account, else the demo. */
export const start = async (flags: ServingFlags & { readonly emulatorPort: number }): Promise<void> => {
  const folder = new StateFolder(resolveSettings(flags).dir)
  const isConfigured = Boolean(process.env["BLINK_EMAIL"]) || servedAccounts(folder).length > 0
  if (isConfigured) return (await import("./serve.ts")).serve(flags)
  const absent = notSignedIn(folder)
  if (absent !== null)
    process.stderr.write(`blink-streams: ${absent}, so this is the demo: run ${ownName()} login\n`)
  const { demo } = await import("./demo.ts")
  await demo({ ...flags, seed: 1, scenario: "house", speed: 1 })
}
