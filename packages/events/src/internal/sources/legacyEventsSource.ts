import { BlinkApi } from "@blink-streams/core"
import { Effect } from "effect"
import { EventLog } from "../../EventLog.ts"
import { AccountRecord } from "../account/AccountRecord.ts"
import { EventWriter } from "../account/EventWriter.ts"
import {
  LegacyEventsCheckpoint,
  legacyEventsPoller,
  legacyEventsSourceName,
} from "../pollers/legacyEventsPoller.ts"
import { makePoller } from "../pollers/poller.ts"
import { PollSettings } from "./PollSettings.ts"

/** Makes the poll loop of the legacy event list. Runs `pollHomescreen`, without waiting for it, when a row shows a change. */
export const legacyEventsSource = Effect.fnUntraced(function* (pollHomescreen: Effect.Effect<void>) {
  const record = yield* AccountRecord
  const writer = yield* EventWriter
  const settings = yield* PollSettings
  const scope = yield* Effect.scope
  const options = legacyEventsPoller({
    api: yield* BlinkApi,
    log: yield* EventLog,
    state: writer.state,
    checkpoint: yield* record.checkpoint(legacyEventsSourceName, LegacyEventsCheckpoint),
    pollHomescreen: Effect.asVoid(Effect.forkIn(pollHomescreen, scope)),
    interval: settings.stateInterval,
  })
  return yield* makePoller(options, writer)
})
