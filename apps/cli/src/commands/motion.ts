import { cleanText } from "@blink-streams/watcher/cleanText"
import { Failure } from "../Failure.ts"
import { type HomeFlags, firstState, openHome } from "../openHome.ts"
import { runWish } from "../runWish.ts"
import { cameraTarget, findCamera } from "../targets.ts"
import { lookMillis } from "./state.ts"

interface Flags extends HomeFlags {
  readonly json?: boolean
  readonly timeout: number
}

/** `blink-streams motion on|off CAMERA`. */
export const motion = async (wanted: string, camera: string, flags: Flags): Promise<void> => {
  if (wanted !== "on" && wanted !== "off")
    throw new Failure("usage", `motion is "${wanted}": expected on or off`)
  const home = await openHome(flags)
  try {
    const target = findCamera(await firstState(home.client, lookMillis), camera)
    const name = cleanText(target.camera.name)
    const value = await runWish(
      home.client,
      { name: wanted === "on" ? "enable" : "disable", target: cameraTarget(target) },
      `motion ${wanted} ${name}`,
      flags.timeout,
    )
    process.stdout.write(
      flags.json ? `${JSON.stringify(value)}\n` : `motion detection of ${name} is ${wanted}\n`,
    )
  } finally {
    await home.close()
  }
}
