import type { Homes } from "@blink-streams/events/Homes"
import type { RecordedEvent } from "@blink-streams/model"
import { Clock, Effect, SubscriptionRef } from "effect"
import type { Grant } from "../../Grant.ts"
import type { MediaAddress } from "../../MediaAddress.ts"
import { type Cut, snapshotBody } from "../snapshotBody.ts"

/** An event as on the socket, but for the subscriptions. */
export const eventFrame = (media: MediaAddress, recorded: RecordedEvent, now: number, replayed: boolean) => {
  const { epoch, seq } = recorded
  const event = media.event(recorded.event, now)
  return { type: "event", epoch, seq, event: replayed ? { ...event, replayed } : event }
}

export const snapshotFrame = Effect.fnUntraced(function* (
  { homes, media }: { readonly homes: Homes["Service"]; readonly media: MediaAddress },
  grant: Grant,
  cut: Cut,
) {
  const now = yield* Clock.currentTimeMillis
  const prompts = yield* SubscriptionRef.get(homes.prompts)
  return { type: "snapshot", ...snapshotBody(grant, {}, cut, prompts, media, now) }
})
