import { BlinkApi, Budget } from "@blink-streams/core"
import { Effect, SubscriptionRef } from "effect"
import { PendingArmCommands } from "../commands/PendingArmCommands.ts"
import { EventWriter } from "../account/EventWriter.ts"
import { LastMotion } from "../account/LastMotion.ts"
import { CloudClock } from "../pollers/CloudClock.ts"
import { homescreenPoller } from "../pollers/homescreenPoller.ts"
import { makePoller } from "../pollers/poller.ts"
import { PollSettings } from "./PollSettings.ts"

/** Makes the poll loop of the homescreen. */
export const homescreenSource = Effect.gen(function* () {
  const writer = yield* EventWriter
  const settings = yield* PollSettings
  const options = homescreenPoller({
    api: yield* BlinkApi,
    budget: SubscriptionRef.get((yield* Budget).state),
    state: writer.state,
    clock: yield* CloudClock,
    pendingArmCommands: yield* PendingArmCommands,
    lastMotion: yield* LastMotion,
    limits: settings.temperatureLimits,
    interval: settings.stateInterval,
  })
  return yield* makePoller(options, writer)
})
