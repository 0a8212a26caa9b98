import { cleanText } from "@blink-streams/watcher/text"
import { confirm } from "../terminal/prompt.ts"
import { CliError } from "../errors/CliError.ts"
import { connectHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"
import { runCommand } from "../connect/runCommand.ts"
import { findSystem } from "../connect/targets.ts"

interface Flags extends ConnectFlags {
  readonly json?: boolean
  readonly yes?: boolean
  readonly timeout: number
}

/** `blink-streams arm` and `disarm`. Succeeds once a later poll confirms the new arm state. */
export const arm = async (
  name: "arm" | "disarm",
  system: string | undefined,
  flags: Flags,
): Promise<void> => {
  const home = await connectHome(flags)
  try {
    const { account, network } = findSystem(await firstState(home.client), system)
    const label = `${name} ${cleanText(network.name)}`
    if (name === "disarm" && process.stdin.isTTY && !flags.yes && !(await confirm(label)))
      throw new CliError("failed", "nothing was changed")
    const value = await runCommand(
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
