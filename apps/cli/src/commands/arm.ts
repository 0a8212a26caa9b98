import { cleanText } from "@blink-streams/watcher/text"
import { confirm } from "../terminal/prompt.ts"
import { CliError } from "../errors/CliError.ts"
import { withHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"
import { runCommand } from "../connect/runCommand.ts"
import { findSystem } from "../connect/targets.ts"
import { printResult } from "../terminal/printResult.ts"

interface Flags extends ConnectFlags {
  readonly json?: boolean
  readonly yes?: boolean
  readonly timeout: number
}

/** `blink-streams arm` and `disarm`. Succeeds once a later poll confirms the new arm state. */
export const arm = (name: "arm" | "disarm", system: string | undefined, flags: Flags): Promise<void> =>
  withHome(flags, async ({ client }) => {
    const { account, network } = findSystem(await firstState(client), system)
    const label = `${name} ${cleanText(network.name)}`
    if (name === "disarm" && process.stdin.isTTY && !flags.yes && !(await confirm(label)))
      throw new CliError("failed", "nothing was changed")
    const command = { name, target: { account, network: network.id } }
    const value = await runCommand(client, command, label, flags.timeout)
    printResult(flags.json, value, `${cleanText(network.name)} is ${name}ed`)
  })
