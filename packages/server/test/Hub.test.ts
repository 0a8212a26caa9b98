import { AccountMonitors } from "@blink-streams/events"
import { capabilities } from "@blink-streams/protocol"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Hub } from "../src/internal/hub/Hub.ts"
import type { Subscriber } from "../src/internal/hub/Subscriber.ts"
import { MediaUrls } from "../src/internal/media/MediaUrls.ts"
import { ServerMetrics } from "../src/internal/metrics/ServerMetrics.ts"
import { ServerConfig } from "../src/internal/ServerConfig.ts"
import type { FrameSink } from "../src/internal/socket/FrameSink.ts"
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
    const highWaterBytes = 16 * 1024
    const services = yield* Layer.build(
      Hub.layer.pipe(
        Layer.provide([MediaUrls.layer, ServerMetrics.layer]),
        Layer.provide([
          Layer.succeed(AccountMonitors, monitors),
          Layer.succeed(ServerConfig, ServerConfig.resolve({ limits: { highWaterBytes } })),
        ]),
      ),
    )
    const hub = Context.get(services, Hub)
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
    assert.isAbove(sink.queuedBytes, highWaterBytes)
    assert.isNull(sink.closeCode)
    yield* TestClock.adjust("62 seconds")
    assert.strictEqual(sink.closeCode, 4430)
  }).pipe(Effect.scoped),
)
