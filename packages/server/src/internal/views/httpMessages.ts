import type { RecordedEvent } from "@blink-streams/model"
import { Clock, Effect } from "effect"
import type { Permissions } from "../../Permissions.ts"
import { MediaUrls } from "../media/MediaUrls.ts"
import { positionFields } from "../replay/cursorPosition.ts"
import { type LogSnapshot, makeSnapshotBody } from "./snapshotBody.ts"

/** Returns the event message of the websocket, without `sub`. */
export const eventMessage = Effect.fnUntraced(function* (recorded: RecordedEvent, replayed: boolean) {
  const mediaUrls = yield* MediaUrls
  const event = mediaUrls.signEvent(recorded.event, yield* Clock.currentTimeMillis)
  return { type: "event", ...positionFields(recorded), event: replayed ? { ...event, replayed } : event }
})

/** Returns the snapshot message of the websocket, without a request id. */
export const snapshotMessage = Effect.fnUntraced(function* (
  permissions: Permissions,
  logSnapshot: LogSnapshot,
) {
  const snapshotBody = yield* makeSnapshotBody
  return { type: "snapshot", ...snapshotBody(permissions, {}, logSnapshot) }
})
