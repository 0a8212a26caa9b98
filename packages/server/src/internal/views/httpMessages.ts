import type { AccountMonitors } from "@blink-streams/events"
import type { RecordedEvent } from "@blink-streams/model"
import { Clock, Effect, SubscriptionRef } from "effect"
import type { Permissions } from "../../Permissions.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { positionFields } from "../replay/cursorPosition.ts"
import { type LogSnapshot, snapshotBody } from "./snapshotBody.ts"

/** Returns the event message of the websocket, without `sub`. */
export const eventMessage = (
  mediaUrls: MediaUrlSigner,
  recorded: RecordedEvent,
  now: number,
  replayed: boolean,
) => {
  const event = mediaUrls.signEvent(recorded.event, now)
  return { type: "event", ...positionFields(recorded), event: replayed ? { ...event, replayed } : event }
}

/** Returns the snapshot message of the websocket, without a request id. */
export const snapshotMessage = Effect.fnUntraced(function* (
  {
    monitors,
    mediaUrls,
  }: { readonly monitors: AccountMonitors["Service"]; readonly mediaUrls: MediaUrlSigner },
  permissions: Permissions,
  logSnapshot: LogSnapshot,
) {
  const now = yield* Clock.currentTimeMillis
  const prompts = yield* SubscriptionRef.get(monitors.prompts)
  return { type: "snapshot", ...snapshotBody(permissions, {}, logSnapshot, prompts, mediaUrls, now) }
})
