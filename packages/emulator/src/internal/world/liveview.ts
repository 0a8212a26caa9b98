import { endedAt } from "./commands.ts"
import type { Command, LiveView, World } from "./World.ts"

/** Returns true while the relay sends video: the camera has started and the session has not ended. */
export const isStreaming = (view: LiveView, now: number): boolean =>
  view.command.failure === null &&
  endedAt(view.command, now) === null &&
  view.command.stages.some(({ stage, at }) => stage === "lv" && at <= now)

export const hasEnded = (view: LiveView, now: number): boolean => endedAt(view.command, now) !== null

/** Adds the seconds of a live view to the usage of its camera, every 5 s until the view ends. */
export const trackUsage = (world: World, command: Command, now: number): void => {
  const { camera } = command
  if (camera === null) return
  const count = (at: number): void => {
    if (endedAt(command, at) !== null) return
    camera.liveSeconds += 5
    world.scheduler.add(at + 5000, count)
  }
  world.scheduler.add(now + 5000, count)
}
