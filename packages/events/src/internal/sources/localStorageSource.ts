import { LocalStorage } from "@blink-streams/core"
import type { Timestamp } from "@blink-streams/model"
import { Effect } from "effect"
import { EventLog } from "../../EventLog.ts"
import { AccountRecord } from "../account/AccountRecord.ts"
import { EventWriter } from "../account/EventWriter.ts"
import { LastMotion } from "../account/LastMotion.ts"
import {
  LocalStorageCheckpoint,
  localStoragePoller,
  localStorageSourceName,
} from "../pollers/localStoragePoller.ts"
import { makePoller } from "../pollers/poller.ts"
import { PollSettings } from "./PollSettings.ts"

/**
 * Makes the poll loop of the clips on USB storage. It sends no request while `cloud.isEmpty` returns false.
 */
export const localStorageSource = Effect.fnUntraced(function* (cloud: {
  readonly isEmpty: () => boolean
  readonly baselineAt: () => Timestamp | null
}) {
  const record = yield* AccountRecord
  const writer = yield* EventWriter
  const settings = yield* PollSettings
  const options = localStoragePoller({
    localStorage: yield* LocalStorage,
    log: yield* EventLog,
    state: writer.state,
    checkpoint: yield* record.checkpoint(localStorageSourceName, LocalStorageCheckpoint),
    isEnabled: () => settings.alwaysUsbStorage || cloud.isEmpty(),
    baselineAt: cloud.baselineAt,
    history: settings.history,
    lastMotion: yield* LastMotion,
    interval: settings.usbStorageInterval,
  })
  return yield* makePoller(options, writer)
})
