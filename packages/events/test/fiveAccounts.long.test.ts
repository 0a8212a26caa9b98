import { BlinkAccount, Session, TokenStore } from "@blink-streams/core"
import { Seq } from "@blink-streams/model"
import { EventLog } from "../src/EventLog.ts"
import { AccountMonitors } from "../src/AccountMonitors.ts"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Redacted, References, Result, Scope, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { advance, start, withClock } from "./testSetup.ts"
import { makeInProcessCloud } from "./inProcessCloud.ts"
import { temporaryFileInMemory } from "./temporaryFile.ts"

const accounts = 5
const hours = 24

setFlagsFromString("--expose-gc")
const collect: unknown = runInNewContext("gc")
const heapMegabytes = (): number => {
  if (typeof collect === "function") collect()
  return process.memoryUsage().heapUsed / 1_048_576
}

it.effect(
  "AccountMonitors runs five accounts for a day with correct attribution and constant memory, and stops completely",
  () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const settings = { secondFactor: "off", signInsPerHour: 100 } as const
      const cloud = yield* makeInProcessCloud({ seed: 5, latencyMs: () => 20, settings })
      const { engine, control } = cloud
      const filename = yield* temporaryFileInMemory("log.sqlite")
      const scope = yield* Scope.make()
      const monitors = Context.get(
        yield* Layer.buildWithScope(
          Layer.provide(AccountMonitors.layer, EventLog.layerSqlite({ filename })),
          scope,
        ),
        AccountMonitors,
      )
      const config = { apiUrl: "https://rest-{tier}.example.net", oauthUrl: "https://oauth.example.net" }
      for (let number = 1; number <= accounts; number++) {
        const email = `home${number}@example.com`
        Result.getOrThrow(control.addAccount({ email, networks: 1, cameras: 3, clips_per_camera: 1 }))
        const store = Layer.succeedContext(yield* Layer.build(TokenStore.layerMemory))
        const services = Layer.provide(BlinkAccount.layer({ config, store }), cloud.layer)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const session = Context.get(yield* Layer.build(services), Session)
            yield* withClock(session.signIn({ email, password: Redacted.make("demo-password") }))
          }),
        )
        yield* withClock(monitors.add(services))
      }
      yield* advance(60)
      const cameras = [...engine.world.cameras.values()].filter(({ network }) =>
        network.name.startsWith("Home "),
      )
      const made: Array<string> = []
      const passHour = Effect.fnUntraced(function* (hour: number) {
        for (let quarter = 0; quarter < 4; quarter++) {
          const { id, kind, network } = cameras[(hour * 4 + quarter) % cameras.length]!
          const motion = Result.getOrThrow(control.motion({ camera: id, kind }))
          made.push(`${network.account.id} motion:${motion.id}`)
          for (let minute = 0; minute < 15; minute++) yield* advance(60)
        }
      })
      for (let hour = 0; hour < 6; hour++) yield* passHour(hour)
      const before = heapMegabytes()
      for (let hour = 6; hour < hours; hour++) yield* passHour(hour)
      // The emulator keeps about 250 bytes of each request.
      const requestLogMegabytes = (engine.requestCount * 250) / 1_048_576
      assert.isBelow(heapMegabytes() - before - requestLogMegabytes, 8)

      const events = yield* monitors.log.read(Seq.make(0), 10_000)
      const emitted = events.flatMap(({ event }) =>
        event.kind === "motion" ? [`${event.subject.account} ${event.id}`] : [],
      )
      assert.deepStrictEqual(emitted.toSorted(), made.toSorted())
      const running = yield* SubscriptionRef.get(monitors.monitors)
      assert.strictEqual(running.size, accounts)

      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* SubscriptionRef.get(monitors.monitors)).size, 0)
      const requestsBefore = engine.requestCount
      for (let minute = 0; minute < 120; minute++) yield* advance(60)
      assert.strictEqual(engine.requestCount, requestsBefore)
      assert.notInclude(process.getActiveResourcesInfo().join(), "FSReqCallback")
    }).pipe(Effect.provideService(References.MinimumLogLevel, "None")),
  300_000,
)
