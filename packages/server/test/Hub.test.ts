import { capabilities } from "@blink-streams/protocol"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { MediaUrlSigner } from "../src/internal/media/MediaUrlSigner.ts"
import { makeStats } from "../src/internal/metrics/Stats.ts"
import { makeHub } from "../src/internal/replay/Hub.ts"
import type { Subscriber } from "../src/internal/replay/Subscriber.ts"
import type { FrameSink } from "../src/internal/socket/FrameSink.ts"
import { defaultLimits } from "../src/Limits.ts"
import { fullPermissions } from "../src/Permissions.ts"
import { account, cursorAt, motions, startServer } from "./testServer.ts"

/** A sink from which a test reads as much as it wants. */
class SlowFrameSink implements FrameSink {
  queuedBytes = 0
  closeCode: number | null = null
  #drained: (() => void) | null = null

  write(frames: Buffer) {
    this.queuedBytes += frames.length
  }

  read(bytes: number) {
    this.queuedBytes -= Math.min(bytes, this.queuedBytes)
    if (this.queuedBytes > 0) return
    const drained = this.#drained
    this.#drained = null
    drained?.()
  }

  onceDrained(drained: () => void) {
    this.#drained = drained
  }

  close(code: number) {
    this.closeCode ??= code
  }

  cork() {}
  uncork() {}
  pause() {}
  resume() {}
  ping() {}
  destroy() {}
}

it.effect("The hub closes a slow peer when it reads nothing, not while it makes progress", () =>
  Effect.gen(function* () {
    const { monitors } = yield* startServer()
    yield* monitors.log.append({ account, events: motions(1, 1_000) })
    const limits = { ...defaultLimits, highWaterBytes: 16 * 1024 }
    const mediaUrls = new MediaUrlSigner(Buffer.alloc(32), "")
    const hub = yield* makeHub({ monitors, limits, mediaUrls, stats: makeStats() })
    const sink = new SlowFrameSink()
    const subscriber: Subscriber = {
      permissions: fullPermissions,
      sink,
      capabilities: new Set(capabilities),
      cursors: [],
      stateSkipped: false,
      backpressured: null,
      closed: false,
    }
    hub.add(subscriber)
    const since = cursorAt(monitors.log, 0)
    yield* hub.subscribe(subscriber, { type: "subscribe", id: "s", topics: ["*"], since, snapshot: "none" })
    for (let minutes = 0; minutes < 10; minutes++) {
      yield* TestClock.adjust("50 seconds")
      sink.read(10_000)
    }
    assert.isAbove(sink.queuedBytes, limits.highWaterBytes)
    assert.isNull(sink.closeCode)
    yield* TestClock.adjust("62 seconds")
    assert.strictEqual(sink.closeCode, 4430)
  }).pipe(Effect.scoped),
)
