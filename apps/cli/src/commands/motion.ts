import { cleanText } from "@blink-streams/watcher/text"
import { CliError } from "../errors/CliError.ts"
import { connectHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"
import { runCommand } from "../connect/runCommand.ts"
import { cameraTarget, findCamera } from "../connect/targets.ts"

interface Flags extends ConnectFlags {
  readonly json?: boolean
  readonly timeout: number
}

/** `blink-streams motion on|off CAMERA`. */
export const motion = async (setting: string, camera: string, flags: Flags): Promise<void> => {
  if (setting !== "on" && setting !== "off")
    throw new CliError("usage", `motion is "${setting}": expected on or off`)
  const home = await connectHome(flags)
  try {
    const target = findCamera(await firstState(home.client), camera)
    const name = cleanText(target.camera.name)
    const value = await runCommand(
      home.client,
      { name: setting === "on" ? "enable" : "disable", target: cameraTarget(target) },
      `motion ${setting} ${name}`,
      flags.timeout,
    )
    process.stdout.write(
      flags.json ? `${JSON.stringify(value)}\n` : `motion detection of ${name} is ${setting}\n`,
    )
  } finally {
    await home.close()
  }
}
