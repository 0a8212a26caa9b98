import { defaultAccount } from "../../emulator/src/internal/world/fixtures.ts"
import { BlinkAccount, type BlinkError, Session, TokenStore } from "@blink-streams/core"
import type { AccountInput } from "../../emulator/src/ControlInput.ts"
import type { EmulatorSettings as CloudSettings } from "@blink-streams/emulator"
import type { AccountLeaseHeld } from "../src/AccountLease.ts"
import { type Batch, EventLog } from "../src/EventLog.ts"
import { AccountMonitor, type AccountMonitorOptions } from "../src/AccountMonitor.ts"
import { DiskFull, LogError } from "../src/LogError.ts"
import {
  Context,
  Duration,
  Effect,
  Fiber,
  Layer,
  Redacted,
  References,
  Result,
  Scope,
  SubscriptionRef,
} from "effect"
import { TestClock } from "effect/testing"
import { makeInProcessCloud } from "./inProcessCloud.ts"
import { temporaryFileInMemory } from "./temporaryFile.ts"

export const start = Date.UTC(2026, 2, 14, 6)

/** Lets promises of the platform continue, which do not run on the test clock. */
const flushPromises = Effect.promise(() => new Promise<void>((resume) => setImmediate(resume)))

export const advance = (seconds: number) => Effect.andThen(TestClock.adjust(seconds * 1000), flushPromises)

export const advanceMinutes = Effect.fnUntraced(function* (count: number) {
  for (let minute = 0; minute < count; minute++) yield* advance(60)
})

export const withoutLogs = Effect.provideService(References.MinimumLogLevel, "None")

/** Runs an effect that waits for the clock, by advancing it. */
export const withClock = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  while (fiber.pollUnsafe() === undefined) yield* advance(1)
  return yield* Fiber.join(fiber)
})

const diskFull = new LogError({ operation: "append", reason: new DiskFull({ cause: "there is no room" }) })

/** A log on a disk that can be full or slow for a while: the next appends fail, or take longer. */
const makeFaultyDisk = () => {
  let remainingFailures = 0
  let delay: Duration.Input = 0
  let failure: Effect.Effect<never, LogError> = Effect.fail(diskFull)
  let isAffected = (_batch: Batch): boolean => true
  return {
    failNext: (
      times: number,
      how: Effect.Effect<never, LogError> = Effect.fail(diskFull),
      affected: (batch: Batch) => boolean = () => true,
    ) => {
      remainingFailures = times
      failure = how
      isAffected = affected
    },
    delayWrites: (each: Duration.Input) => {
      delay = each
    },
    layer: Layer.effect(
      EventLog,
      Effect.map(EventLog, (log) => ({
        ...log,
        append: (batch) =>
          Effect.suspend(() =>
            isAffected(batch) && remainingFailures-- > 0
              ? failure
              : Duration.isZero(Duration.fromInputUnsafe(delay))
                ? log.append(batch)
                : Effect.andThen(Effect.sleep(delay), log.append(batch)),
          ),
      })),
    ),
  }
}

/** One run of the process that monitors the account. Closing its scope ends it at any point. */
export interface RunningMonitor {
  readonly scope: Scope.Closeable
  readonly log: EventLog["Service"]
  readonly monitor: AccountMonitor["Service"]
  readonly session: Session["Service"]
}

/** Every cloud has its own host: the leases of this process are per host and account. */
let cloudCount = 0

export interface TestSetupOptions extends AccountMonitorOptions {
  readonly seed?: number
  readonly latencyMs?: () => number
  /** Offset of the cloud's clock. */
  readonly aheadMs?: number
  readonly settings?: Partial<CloudSettings>
  readonly dialect?: "oauth" | "legacy"
  /** Budget of requests. Default: the real one. */
  readonly callsPerHour?: number
  /** Another account than the default one of the cloud. */
  readonly signInAs?: AccountInput
}

/**
 * A signed-in account on the test clock: the emulated cloud, and `run` to monitor it with one log file. The hosts are not
 * local, so that intervals and budget are the real ones. The first poll writes no history unless the test sets it.
 */
export const makeTestSetup = Effect.fnUntraced(function* (options: TestSetupOptions = {}) {
  const {
    seed = 1,
    latencyMs = () => 20,
    aheadMs = 0,
    settings = {},
    dialect = "oauth",
    callsPerHour,
    signInAs,
    ...monitorOptions
  } = options
  const host = `cloud-${++cloudCount}.example.net`
  yield* TestClock.setTime(start)
  const cloud = yield* makeInProcessCloud({ seed, latencyMs, aheadMs, settings })
  const credentials =
    signInAs === undefined
      ? defaultAccount
      : Result.getOrThrow(cloud.control.addAccount(signInAs)).accounts[0]!
  const filename = yield* temporaryFileInMemory("log.sqlite")
  const disk = makeFaultyDisk()
  const store = yield* Layer.build(TokenStore.layerMemory)
  const account = BlinkAccount.layer({
    config: {
      dialect,
      apiUrl: `https://rest-{tier}.${host}`,
      oauthUrl: `https://oauth.${host}`,
      callsPerHour,
    },
    store: Layer.succeedContext(store),
  }).pipe(Layer.provide(cloud.layer))

  /** Signs in like a person who is present. */
  const signIn = Effect.fnUntraced(function* (session: Session["Service"]) {
    const { email, password, pin } = credentials
    yield* withClock(session.signIn({ email, password: Redacted.make(password), attended: true }))
    const { state } = yield* SubscriptionRef.get(session.state)
    if (state === "awaiting_pin") yield* withClock(session.submitPin(Redacted.make(pin)))
  })
  yield* Effect.scoped(
    Effect.flatMap(Layer.build(account), (context) => signIn(Context.get(context, Session))),
  )

  const run = Effect.gen(function* (): Effect.fn.Return<
    RunningMonitor,
    BlinkError | LogError | AccountLeaseHeld,
    Scope.Scope
  > {
    const scope = yield* Scope.make()
    const layer = Layer.provideMerge(
      AccountMonitor.layer({ history: 0, ...monitorOptions }),
      Layer.merge(account, Layer.provide(disk.layer, EventLog.layerSqlite({ filename }))),
    )
    const context = yield* withClock(Layer.buildWithScope(layer, scope))
    return {
      scope,
      log: Context.get(context, EventLog),
      monitor: Context.get(context, AccountMonitor),
      session: Context.get(context, Session),
    }
  })
  return { cloud, run, account, disk, signIn }
})

export type TestSetup = Effect.Success<ReturnType<typeof makeTestSetup>>

/** Advances the clock until the homescreen and the clips have been polled. */
export const untilFirstPoll = Effect.fnUntraced(function* ({ monitor }: RunningMonitor) {
  const isPolled = Effect.map(SubscriptionRef.get(monitor.state), ({ sources }) =>
    ["state", "clips"].every((source) => sources[source]?.state === "ok"),
  )
  while (!(yield* isPolled)) yield* advance(5)
})

/** A monitored account after its first poll. */
export const makePolledSetup = Effect.fnUntraced(function* (options: TestSetupOptions = {}) {
  const setup = yield* makeTestSetup(options)
  const running = yield* setup.run
  yield* untilFirstPoll(running)
  return { ...setup, running }
})
