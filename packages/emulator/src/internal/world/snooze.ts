import type { Camera } from "./World.ts"

/** Mutes notifications for `minutes`, or unmutes them with null. Recording continues. */
export const setSnooze = (cameras: ReadonlyArray<Camera>, now: number, minutes: number | null): void => {
  for (const camera of cameras) {
    camera.snoozedUntil = minutes === null ? null : now + minutes * 60_000
    camera.updatedAt = now
  }
}
