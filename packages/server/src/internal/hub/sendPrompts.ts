import { AccountMonitors } from "@blink-streams/events"
import { Effect, Stream, SubscriptionRef } from "effect"
import { visiblePrompts } from "../views/visiblePrompts.ts"
import { FrameWriter } from "./FrameWriter.ts"
import { Subscribers } from "./Subscriber.ts"

/** Sends the open prompts to every peer with the capability `prompts`, whenever they change. */
export const sendPrompts = Effect.gen(function* () {
  const monitors = yield* AccountMonitors
  const subscribers = yield* Subscribers
  const writer = yield* FrameWriter
  yield* SubscriptionRef.changes(monitors.prompts).pipe(
    Stream.changesWith((before, after) => before === after),
    Stream.drop(1),
    Stream.runForEach((all) =>
      Effect.sync(() => {
        for (const subscriber of subscribers)
          if (subscriber.capabilities.has("prompts"))
            writer.send(subscriber, { type: "prompts", prompts: visiblePrompts(subscriber.permissions, all) })
      }),
    ),
  )
})
