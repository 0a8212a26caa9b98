import { BlinkAccount, type BlinkError, TokenStore } from "@blink-streams/core"
import { Session } from "@blink-streams/core/Session"
import type { Settings as CloudSettings } from "@blink-streams/emulator/world/Settings"
import { household } from "@blink-streams/emulator/world/population"
import { EventLog } from "@blink-streams/events/EventLog"
import { Home, type HomeOptions } from "@blink-streams/events/Home"
import { DiskFull, LogError } from "@blink-streams/events/LogError"
import { Context, Duration, Effect, Fiber, Layer, Redacted, References, Scope, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { makeInProcessCloud } from "./inProcessCloud.ts"
import { temporaryFileInMemory } from "./temporaryFile.ts"

export const start = Date.UTC(2026, 2, 14, 6)

/** Lets what does not run on the test clock (promises of the platform) go on. */
const breathe = Effect.promise(() => new Promise<void>((resume) => setImmediate(resume)))

export const pass = (seconds: number) => Effect.andThen(TestClock.adjust(seconds * 1000), breathe)

export const minutes = Effect.fnUntraced(function* (count: number) {
  for (let minute = 0; minute < count; minute++) yield* pass(60)
})

export const quietly = Effect.provideService(References.MinimumLogLevel, "None")

/** Runs something that waits for the clock, by moving it. */
export const withTime = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  while (fiber.pollUnsafe() === undefined) yield* pass(1)
  return yield* Fiber.join(fiber)
})

const full = new LogError({ operation: "append", reason: new DiskFull({ cause: "there is no room" }) })

/** A log on a disk that can be full for a while: so many appends end otherwise. It can be slow as well. */
const makeDisk = () => {
  let refusals = 0
  let wait: Duration.Input = 0
  let refusal: Effect.Effect<never, LogError> = Effect.fail(full)
  return {
    refuse: (times: number, how: Effect.Effect<never, LogError> = Effect.fail(full)) => {
      refusals = times
      refusal = how
    },
    slow: (each: Duration.Input) => {
      wait = each
    },
    under: Layer.effect(
      EventLog,
      Effect.map(EventLog, (log) => ({
        ...log,
        append: (batch) =>
          Effect.suspend(() =>
            refusals-- > 0
              ? refusal
              : Duration.isZero(Duration.fromInputUnsafe(wait))
                ? log.append(batch)
                : Effect.andThen(Effect.sleep(wait), log.append(batch)),
          ),
      })),
    ),
  }
}

/** One life of the process that looks at the home. Closing its scope is the end of it, wherever it stands. */
export interface Running {
  readonly scope: Scope.Closeable
  readonly log: EventLog["Service"]
  readonly home: Home["Service"]
  readonly session: Session["Service"]
}

export interface HouseholdOptions extends HomeOptions {
  readonly seed?: number
  readonly latencyMs?: () => number
  /** How far the cloud's clock is ahead of ours. */
  readonly aheadMs?: number
  readonly settings?: Partial<CloudSettings>
  readonly dialect?: "oauth" | "legacy"
}

/**
 * A signed-in household on the test clock: the emulated cloud, and `run` to look at it with one log file. The hosts are
 * foreign ones, so that cadence and budget are those of real life.
 */
export const makeHousehold = Effect.fnUntraced(function* (options: HouseholdOptions = {}) {
  const { seed = 1, latencyMs = () => 20, aheadMs = 0, settings = {}, dialect = "oauth", ...home } = options
  yield* TestClock.setTime(start)
  const cloud = yield* makeInProcessCloud({ seed, latencyMs, aheadMs, settings })
  const filename = yield* temporaryFileInMemory("log.sqlite")
  const disk = makeDisk()
  const store = yield* Layer.build(TokenStore.layerMemory)
  const account = BlinkAccount.layer({
    config: { dialect, apiUrl: "https://rest-{tier}.example.net", oauthUrl: "https://oauth.example.net" },
    store: Layer.succeedContext(store),
  }).pipe(Layer.provide(cloud.layer))

  /** As a person does it, who has nothing to learn first. */
  const signIn = Effect.fnUntraced(function* (session: Session["Service"]) {
    const { email, password, pin } = household
    yield* withTime(session.signIn({ email, password: Redacted.make(password), attended: true }))
    const { state } = yield* SubscriptionRef.get(session.state)
    if (state === "awaitingPin") yield* withTime(session.answerPin(Redacted.make(pin)))
  })
  yield* Effect.scoped(
    Effect.flatMap(Layer.build(account), (context) => signIn(Context.get(context, Session))),
  )

  const run = Effect.gen(function* (): Effect.fn.Return<Running, BlinkError | LogError, Scope.Scope> {
    const scope = yield* Scope.make()
    const layer = Layer.provideMerge(
      Home.layer(home),
      Layer.merge(account, Layer.provide(disk.under, EventLog.layerSqlite({ filename }))),
    )
    const context = yield* withTime(Layer.buildWithScope(layer, scope))
    return {
      scope,
      log: Context.get(context, EventLog),
      home: Context.get(context, Home),
      session: Context.get(context, Session),
    }
  })
  return { cloud, run, account, disk, signIn }
})

export type Household = Effect.Success<ReturnType<typeof makeHousehold>>

/** Lets time pass until home and clips have been looked at. */
export const firstLook = Effect.fnUntraced(function* ({ home }: Running) {
  const looked = Effect.map(SubscriptionRef.get(home.state), ({ sources }) =>
    ["homescreen", "media"].every((source) => sources[source]?.state === "ok"),
  )
  while (!(yield* looked)) yield* pass(5)
})

/** A household and the program that looks at it, after its first look. */
export const lookedAt = Effect.fnUntraced(function* (options: HouseholdOptions = {}) {
  const household = yield* makeHousehold(options)
  const running = yield* household.run
  yield* firstLook(running)
  return { ...household, running }
})
