import { purge } from "./media.ts"
import type { World } from "./World.ts"

const hour = 3_600_000
const day = 24 * hour

/** Purges media older than the account's retention period, once per emulated hour. */
export const scheduleRetention = (world: World, from: number): void =>
  world.scheduler.add(from + hour, (now) => {
    for (const account of world.accounts.values()) {
      const oldest = now - account.retentionDays * day
      for (const item of account.media)
        if (item.createdAt < oldest && item.deletedAt === null) purge(item, now)
    }
    scheduleRetention(world, now)
  })
