import { cleanText } from "@blink-streams/watcher/text"
import { CliError } from "../errors/CliError.ts"
import { withHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"
import { runCommand } from "../connect/runCommand.ts"
import { cameraTarget, findCamera } from "../connect/targets.ts"
import { printResult } from "../terminal/printResult.ts"

interface Flags extends ConnectFlags {
  readonly json?: boolean
  readonly timeout: number
}

/** `blink-streams motion on|off CAMERA`. */
export const motion = async (setting: string, camera: string, flags: Flags): Promise<void> => {
  if (setting !== "on" && setting !== "off")
    throw new CliError("usage", `motion is "${setting}": expected on or off`)
  await withHome(flags, async ({ client }) => {
    const target = findCamera(await firstState(client), camera)
    const name = cleanText(target.camera.name)
    const command = { name: setting === "on" ? "enable" : "disable", target: cameraTarget(target) }
    const value = await runCommand(client, command, `motion ${setting} ${name}`, flags.timeout)
    printResult(flags.json, value, `motion detection of ${name} is ${setting}`)
  })
}
