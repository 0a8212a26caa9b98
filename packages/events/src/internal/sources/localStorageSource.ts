import { LocalStorage } from "@blink-streams/core"
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

/** Makes the poll loop of the clips on USB storage. It sends no request while `isCloudEmpty` returns false. */
export const localStorageSource = Effect.fnUntraced(function* (isCloudEmpty: () => boolean) {
  const record = yield* AccountRecord
  const writer = yield* EventWriter
  const settings = yield* PollSettings
  const options = localStoragePoller({
    localStorage: yield* LocalStorage,
    log: yield* EventLog,
    state: writer.state,
    checkpoint: yield* record.checkpoint(localStorageSourceName, LocalStorageCheckpoint),
    isEnabled: () => settings.alwaysUsbStorage || isCloudEmpty(),
    lastMotion: yield* LastMotion,
    interval: settings.usbStorageInterval,
  })
  return yield* makePoller(options, writer)
})
