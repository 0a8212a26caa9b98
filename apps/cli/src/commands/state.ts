import { stateText } from "@blink-streams/watcher/stateText"
import { type HomeFlags, firstState, openHome } from "../openHome.ts"

/** How long a first look at the cloud may take. */
export const lookMillis = 30_000

/** `blink-streams state`. */
export const state = async (flags: HomeFlags & { readonly json?: boolean }): Promise<void> => {
  const home = await openHome(flags)
  try {
    const now = await firstState(home.client, lookMillis)
    process.stdout.write(`${flags.json ? JSON.stringify(now) : stateText(now, Date.now())}\n`)
  } finally {
    await home.close()
  }
}
