import type { Json } from "@blink-streams/client"
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
  readonly force?: boolean
  readonly json?: boolean
  readonly yes?: boolean
  readonly timeout: number
}

/** True when nothing was sent: a poll has shown the state already. */
const isUnchanged = (value: Json): boolean =>
  typeof value === "object" && value !== null && "changed" in value && value["changed"] === false

/** `blink-streams arm` and `disarm`. Succeeds once a poll after the call shows the arm state. */
export const arm = (name: "arm" | "disarm", system: string | undefined, flags: Flags): Promise<void> =>
  withHome(flags, async ({ client }) => {
    const { account, network } = findSystem(await firstState(client), system)
    const label = `${name} ${cleanText(network.name)}`
    if (name === "disarm" && process.stdin.isTTY && !flags.yes && !(await confirm(label)))
      throw new CliError("failed", "nothing was changed")
    const target = { account, network: network.id }
    const args = flags.force === true ? { args: { force: true } } : {}
    const value = await runCommand(client, { name, target, ...args }, label, flags.timeout)
    const already = isUnchanged(value) ? "already " : ""
    printResult(flags.json, value, `${cleanText(network.name)} is ${already}${name}ed`)
  })
