import { Scheduler } from "./Scheduler.ts"
import { addAccount, defaultAccount } from "./fixtures.ts"
import { scheduleRetention } from "./retention.ts"
import type { EmulatorSettings } from "../../EmulatorSettings.ts"
import type { World } from "./World.ts"

/** Creates the world at `now` with the default account. */
export const makeWorld = (options: {
  readonly seed: number
  readonly now: number
  readonly settings: EmulatorSettings
  readonly relayPort: number
}): World => {
  const world: World = {
    seed: options.seed,
    settings: options.settings,
    startedAt: options.now,
    scheduler: new Scheduler(),
    accounts: new Map(),
    networks: new Map(),
    syncModules: new Map(),
    cameras: new Map(),
    media: new Map(),
    commands: new Map(),
    commandQueues: new Map(),
    sessions: new Map(),
    refreshTokens: new Map(),
    signIns: new Map(),
    authorizationCodes: new Map(),
    liveviews: new Map(),
    relayPort: options.relayPort,
    counters: {
      camera: 0,
      owl: 0,
      doorbell: 0,
      account: 0,
      media: 0,
      command: 0,
      token: 0,
      registration: 0,
      stored: 0,
      program: 0,
    },
  }
  addAccount(world, defaultAccount)
  scheduleRetention(world, options.now)
  return world
}
