import { AccountMonitors } from "@blink-streams/events"
import { timestampFromMillis } from "@blink-streams/model"
import type { ServerMessage } from "@blink-streams/protocol"
import { Clock, Effect, Schedule } from "effect"
import { positionFields } from "../replay/cursorPosition.ts"
import { LiveCursors } from "../replay/LiveCursors.ts"
import { ServerConfig } from "../ServerConfig.ts"
import { textFrames } from "../socket/frames.ts"
import { worstSources } from "../views/filterState.ts"
import { FrameWriter } from "./FrameWriter.ts"
import { StateFeed } from "./StateFeed.ts"
import { isBehind, type Subscriber, Subscribers } from "./Subscriber.ts"

/** Sends a ping and a heartbeat to every peer, every `heartbeatMs`. */
export const sendHeartbeats = Effect.gen(function* () {
  const { heartbeatMs } = (yield* ServerConfig).limits
  const { log } = yield* AccountMonitors
  const live = yield* LiveCursors
  const states = yield* StateFeed
  const subscribers = yield* Subscribers
  const writer = yield* FrameWriter

  const heartbeatFrame = ({ permissions }: Subscriber, now: number): Buffer => {
    const message: ServerMessage = {
      type: "heartbeat",
      ...positionFields({ epoch: log.epoch, seq: live.seq }),
      serverTime: timestampFromMillis(now),
      sources: worstSources(states.visibleStates(permissions)),
    }
    return textFrames([JSON.stringify(message)])
  }

  const sendToAll = Effect.map(Clock.currentTimeMillis, (now) => {
    /** One frame per list of accounts. */
    const frames = new Map<string, Buffer>()
    for (const subscriber of subscribers) {
      subscriber.sink.ping()
      // A heartbeat carries a position: only a peer that has received everything up to it may get one.
      if (isBehind(subscriber)) continue
      const key = JSON.stringify(subscriber.permissions.accounts)
      const frame = frames.get(key) ?? heartbeatFrame(subscriber, now)
      frames.set(key, frame)
      writer.write(subscriber, frame, 1)
    }
  })
  return yield* Effect.repeat(sendToAll, Schedule.spaced(heartbeatMs))
})
