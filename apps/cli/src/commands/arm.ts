import { cleanText } from "@blink-streams/watcher/cleanText"
import { confirm } from "../ask.ts"
import { Failure } from "../Failure.ts"
import { type HomeFlags, firstState, openHome } from "../openHome.ts"
import { runWish } from "../runWish.ts"
import { findSystem } from "../targets.ts"
import { lookMillis } from "./state.ts"

interface Flags extends HomeFlags {
  readonly json?: boolean
  readonly yes?: boolean
  readonly timeout: number
}

/** `blink-streams arm` and `disarm`. Ends well only once a look at the home agrees. */
export const arm = async (
  name: "arm" | "disarm",
  system: string | undefined,
  flags: Flags,
): Promise<void> => {
  const home = await openHome(flags)
  try {
    const { account, network } = findSystem(await firstState(home.client, lookMillis), system)
    const label = `${name} ${cleanText(network.name)}`
    if (name === "disarm" && process.stdin.isTTY && !flags.yes && !(await confirm(label)))
      throw new Failure("failed", "nothing was changed")
    const value = await runWish(
      home.client,
      { name, target: { account, network: network.id } },
      label,
      flags.timeout,
    )
    process.stdout.write(
      flags.json ? `${JSON.stringify(value)}\n` : `${cleanText(network.name)} is ${name}ed\n`,
    )
  } finally {
    await home.close()
  }
}
