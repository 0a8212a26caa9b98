import { endedAt } from "./commands.ts"
import type { Command, World } from "./World.ts"

export interface LiveView {
  /** The word in the relay's address that stands for the session. */
  readonly connectionId: string
  readonly clientId: number
  readonly token: string
  readonly serial: string
  readonly command: Command
}

/** Whether the relay may send: the camera has come up and the session has not ended. */
export const isStreaming = (view: LiveView, now: number): boolean =>
  view.command.failure === null &&
  endedAt(view.command, now) === null &&
  view.command.stages.some(({ stage, at }) => stage === "lv" && at <= now)

export const hasEnded = (view: LiveView, now: number): boolean => endedAt(view.command, now) !== null

/** A live view counts into the usage of its camera, ended or not. */
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
