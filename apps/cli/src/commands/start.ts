import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { usableAccounts } from "../savedAccounts.ts"
import type { ServingFlags } from "../serving.ts"
import { resolveSettings } from "../Settings.ts"

/** `blink-streams start`: the configured account, else the demo. */
export const start = async (flags: ServingFlags & { readonly emulatorPort: number }): Promise<void> => {
  const isConfigured =
    Boolean(process.env["BLINK_EMAIL"]) ||
    usableAccounts(new StateFolder(resolveSettings(flags).dir)).length > 0
  if (isConfigured) return (await import("./serve.ts")).serve(flags)
  const { demo } = await import("./demo.ts")
  await demo({ ...flags, seed: 1, scenario: "house", speed: 1 })
}
