import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { Session } from "@blink-streams/core/Session"
import { EventLog } from "@blink-streams/events/EventLog"
import { Homes } from "@blink-streams/events/Homes"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Redacted, References, Result, Scope, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { pass, start, withTime } from "./household.ts"
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
  "a day with five accounts: each motion in its own account, memory flat, and nothing goes on after the end",
  () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const settings = { secondFactor: "off", signInsPerHour: 100 } as const
      const cloud = yield* makeInProcessCloud({ seed: 5, latencyMs: () => 20, settings })
      const { engine, orders } = cloud
      const filename = yield* temporaryFileInMemory("log.sqlite")
      const scope = yield* Scope.make()
      const homes = Context.get(
        yield* Layer.buildWithScope(Layer.provide(Homes.layer, EventLog.layerSqlite({ filename })), scope),
        Homes,
      )
      const config = { apiUrl: "https://rest-{tier}.example.net", oauthUrl: "https://oauth.example.net" }
      for (let number = 1; number <= accounts; number++) {
        const email = `home${number}@example.com`
        Result.getOrThrow(orders.addAccount({ email, networks: 1, cameras: 3, clips_per_camera: 1 }))
        const store = Layer.succeedContext(yield* Layer.build(TokenStore.layerMemory))
        const services = Layer.provide(BlinkAccount.layer({ config, store }), cloud.layer)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const session = Context.get(yield* Layer.build(services), Session)
            yield* withTime(session.signIn({ email, password: Redacted.make("demo-password") }))
          }),
        )
        yield* withTime(homes.add(services))
      }
      yield* pass(60)
      const cameras = [...engine.world.cameras.values()].filter(({ network }) =>
        network.name.startsWith("House"),
      )
      const made: Array<string> = []
      const live = Effect.fnUntraced(function* (hour: number) {
        for (let quarter = 0; quarter < 4; quarter++) {
          const { id, kind, network } = cameras[(hour * 4 + quarter) % cameras.length]!
          const motion = Result.getOrThrow(orders.motion({ camera: id, kind }))
          made.push(`${network.account.id} motion:${motion.id}`)
          for (let minute = 0; minute < 15; minute++) yield* pass(60)
        }
      })
      for (let hour = 0; hour < 6; hour++) yield* live(hour)
      const before = heapMegabytes()
      for (let hour = 6; hour < hours; hour++) yield* live(hour)
      // What the emulator notes of each request stays with it: about 250 bytes.
      const notes = (engine.asked * 250) / 1_048_576
      assert.isBelow(heapMegabytes() - before - notes, 8)

      const events = yield* homes.log.read(Seq.make(0), 10_000)
      const told = events.flatMap(({ event }) =>
        event.kind === "motion" ? [`${event.subject.account} ${event.id}`] : [],
      )
      assert.deepStrictEqual(told.toSorted(), made.toSorted())
      const running = yield* SubscriptionRef.get(homes.all)
      assert.strictEqual(running.size, accounts)

      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* SubscriptionRef.get(homes.all)).size, 0)
      const asked = engine.asked
      for (let minute = 0; minute < 120; minute++) yield* pass(60)
      assert.strictEqual(engine.asked, asked)
      assert.notInclude(process.getActiveResourcesInfo().join(), "FSReqCallback")
    }).pipe(Effect.provideService(References.MinimumLogLevel, "None")),
  300_000,
)
