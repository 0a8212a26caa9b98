import { BlinkApi } from "@blink-streams/core"
import { Effect } from "effect"
import { EventLog } from "../../EventLog.ts"
import { MediaCheckpoint } from "../derive/MediaCheckpoint.ts"
import { AccountRecord } from "../account/AccountRecord.ts"
import { EventWriter } from "../account/EventWriter.ts"
import { LastMotion } from "../account/LastMotion.ts"
import { CloudClock } from "../pollers/CloudClock.ts"
import { mediaPoller, mediaSourceName } from "../pollers/mediaPoller.ts"
import { makePoller } from "../pollers/poller.ts"
import { PollSettings } from "./PollSettings.ts"

/**
 * Makes the poll loop of the clips in the cloud. `isEmpty` is true when the cloud has never listed a clip, `baselineAt` is
 * the start of the first poll.
 */
export const mediaSource = Effect.gen(function* () {
  const record = yield* AccountRecord
  const writer = yield* EventWriter
  const settings = yield* PollSettings
  const options = mediaPoller({
    account: record.account,
    api: yield* BlinkApi,
    log: yield* EventLog,
    checkpoint: yield* record.checkpoint(mediaSourceName, MediaCheckpoint),
    lastMotion: yield* LastMotion,
    clock: yield* CloudClock,
    history: settings.history,
    interval: (state, now) => settings.clipInterval(state, now, writer.activeAt()),
  })
  const { isEmpty, baselineAt } = options
  return { poller: yield* makePoller(options, writer), isEmpty, baselineAt }
})
