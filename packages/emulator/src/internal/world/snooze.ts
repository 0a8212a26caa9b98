import type { Camera } from "./World.ts"

/** No notifications for so many minutes; null ends it. Recording goes on either way. */
export const setSnooze = (cameras: ReadonlyArray<Camera>, now: number, minutes: number | null): void => {
  for (const camera of cameras) {
    camera.snoozedUntil = minutes === null ? null : now + minutes * 60_000
    camera.updatedAt = now
  }
}
