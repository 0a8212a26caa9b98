import { Seq } from "@blink-streams/model"
import { capabilities } from "@blink-streams/protocol/protocol"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { fullGrant } from "../src/Grant.ts"
import { makeHub } from "../src/internal/Hub.ts"
import type { Line, Outlet } from "../src/internal/Line.ts"
import { makeStats } from "../src/internal/Stats.ts"
import { defaultLimits } from "../src/Limits.ts"
import { MediaAddress } from "../src/MediaAddress.ts"
import { account, motions, startHouse } from "./house.ts"

/** An outlet from which a test takes as much as it wants. */
class SlowOutlet implements Outlet {
  waiting = 0
  closedWith: number | null = null
  #drained: (() => void) | null = null

  write(frames: Buffer) {
    this.waiting += frames.length
  }

  take(bytes: number) {
    this.waiting -= Math.min(bytes, this.waiting)
    if (this.waiting > 0) return
    const drained = this.#drained
    this.#drained = null
    drained?.()
  }

  onceDrained(drained: () => void) {
    this.#drained = drained
  }

  close(code: number) {
    this.closedWith ??= code
  }

  cork() {}
  uncork() {}
  pause() {}
  resume() {}
  ping() {}
  destroy() {}
}

it.effect("a peer that takes little, but always something, is not closed; one that takes nothing is", () =>
  Effect.gen(function* () {
    const { homes } = yield* startHouse()
    yield* homes.log.append({ account, events: motions(1, 1_000) })
    const limits = { ...defaultLimits, highWaterBytes: 16 * 1024 }
    const media = new MediaAddress(Buffer.alloc(32), "")
    const hub = yield* makeHub({ homes, limits, media, stats: makeStats() })
    const outlet = new SlowOutlet()
    const line: Line = {
      grant: fullGrant,
      outlet,
      capabilities: new Set(capabilities),
      readers: [],
      missedState: false,
      stuck: null,
      closed: false,
    }
    hub.add(line)
    const since = { epoch: homes.log.epoch, seq: Seq.make(0) }
    yield* hub.subscribe(line, { type: "subscribe", id: "s", topics: ["*"], since, snapshot: "none" })
    for (let minutes = 0; minutes < 10; minutes++) {
      yield* TestClock.adjust("50 seconds")
      outlet.take(10_000)
    }
    assert.isAbove(outlet.waiting, limits.highWaterBytes)
    assert.isNull(outlet.closedWith)
    yield* TestClock.adjust("62 seconds")
    assert.strictEqual(outlet.closedWith, 4430)
  }).pipe(Effect.scoped),
)
