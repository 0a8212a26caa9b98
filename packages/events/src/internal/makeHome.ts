import { BlinkApi } from "@blink-streams/core/BlinkApi"
import { BlinkConfig, isLoopback } from "@blink-streams/core/BlinkConfig"
import { Budget } from "@blink-streams/core/Budget"
import { Commands } from "@blink-streams/core/Commands"
import { Drift } from "@blink-streams/core/Drift"
import { LiveView } from "@blink-streams/core/LiveView"
import { Session } from "@blink-streams/core/Session"
import { accountIdOf } from "@blink-streams/core/StoredSession"
import { TokenStore } from "@blink-streams/core/TokenStore"
import { type AccountState, type RecordedEvent, Seq } from "@blink-streams/model"
import { Duration, Effect, Schema, Stream, SubscriptionRef } from "effect"
import { floors, mediaInterval, withinBudget } from "../cadence.ts"
import { EventLog } from "../EventLog.ts"
import type { EventsOptions, Home, HomeOptions } from "../Home.ts"
import { HomeMemory, nothingKnown } from "../HomeMemory.ts"
import { CursorExpired, LogCorrupt, LogError } from "../LogError.ts"
import { MediaCheckpoint } from "../MediaCheckpoint.ts"
import { doubtPending, makeCommandRunner } from "./commandRunner.ts"
import { makeCloudClock } from "./cloudClock.ts"
import { makeHolds } from "./holds.ts"
import { EventRowsCheckpoint, eventRowsName, eventRowsSource } from "./eventRowsSource.ts"
import { homescreenSource } from "./homescreenSource.ts"
import { makeLastMotion } from "./lastMotion.ts"
import { ManifestCheckpoint, manifestName, manifestSource } from "./manifestSource.ts"
import { mediaSource, mediaSourceName } from "./mediaSource.ts"
import { homeSource, makeRecorder } from "./recorder.ts"
import { followDrift, followSession } from "./followers.ts"
import { makeSource } from "./source.ts"

/**
 * The account's number: from what is saved, because it must be known even while the cloud can't be reached, and of an
 * account whose session is lost, which its prompt is told with.
 */
export const accountOf = Effect.gen(function* () {
  const saved = yield* (yield* TokenStore).load
  const known = saved === null ? null : accountIdOf(saved)
  return known ?? (yield* (yield* BlinkApi).account)
})

const stored = <A>(schema: Schema.Codec<A, unknown>, what: string) => {
  const decode = Schema.decodeUnknownEffect(schema)
  return (value: unknown) =>
    value === null
      ? Effect.succeed(null)
      : Effect.mapError(
          decode(value),
          (cause) => new LogError({ operation: what, reason: new LogCorrupt({ cause }) }),
        )
}
const storedHome = stored(HomeMemory, "homescreen checkpoint")
const storedRows = stored(EventRowsCheckpoint, "events checkpoint")
const storedManifests = stored(ManifestCheckpoint, "local storage checkpoint")
const storedMedia = stored(MediaCheckpoint, "media checkpoint")

/** What was known last, which may no longer be so: nobody looks. */
const unwatched = (state: AccountState): AccountState => ({
  ...state,
  sources: Object.fromEntries(
    Object.entries(state.sources).map(([source, { lastOkAt }]) => [
      source,
      { state: "starting", lastOkAt, nextPollAt: null, reason: null },
    ]),
  ),
  stale: true,
})

/** The state before the first look of this run. */
const startingState = (
  known: AccountState | undefined,
  now: Pick<AccountState, "account" | "session" | "budget">,
): AccountState =>
  unwatched({
    asOf: null,
    networks: [],
    syncModules: [],
    cameras: [],
    sources: {},
    stale: true,
    ...known,
    ...now,
  })

/** One running account: sources that look, a recorder that writes, and the doors to what was written. */
export const makeHome = Effect.fnUntraced(function* (options: HomeOptions) {
  const api = yield* BlinkApi
  const session = yield* Session
  const budget = yield* Budget
  const views = yield* LiveView
  const log = yield* EventLog
  const scope = yield* Effect.scope
  const { apiUrl, dialect } = yield* BlinkConfig
  const account = yield* accountOf
  const { state: known } = yield* log.cut
  const home = (yield* storedHome(yield* log.checkpoint(account, homeSource))) ?? nothingKnown
  const checkpoint = yield* storedMedia(yield* log.checkpoint(account, mediaSourceName))
  const before = known.accounts.find((state) => state.account === account)
  const start = startingState(before, {
    account,
    session: yield* SubscriptionRef.get(session.state),
    budget: yield* SubscriptionRef.get(budget.state),
  })
  const recorder = yield* makeRecorder(account, log, { home, state: start })
  // Runs after everything that looks has ended. Should it not get to write, the next start says so.
  yield* Effect.addFinalizer(() => Effect.exit(recorder.record(() => Effect.succeed({ patch: unwatched }))))
  const lastMotion = makeLastMotion(start)
  const holds = makeHolds()
  yield* doubtPending(
    log,
    account,
    home.networks.map(({ id }) => id),
    holds,
  )
  const clock = makeCloudClock()

  const atLeast = (floor: Duration.Duration, wanted: Duration.Input) =>
    isLoopback(apiUrl)
      ? Duration.fromInputUnsafe(wanted)
      : Duration.max(floor, Duration.fromInputUnsafe(wanted))
  const on = { homescreen: options.homescreen ?? true, media: options.media ?? true }
  const homescreen = yield* makeSource(
    homescreenSource({
      api,
      budget: SubscriptionRef.get(budget.state),
      state: recorder.state,
      clock,
      holds,
      lastMotion,
      limits: options.temperatureLimits ?? { lowestCelsius: 5, highestCelsius: 35 },
      interval: (state) => withinBudget(atLeast(floors.home, options.pollHome ?? "1 minute"), state.budget),
    }),
    recorder,
  )
  const mediaRules = mediaSource({
    api,
    log,
    checkpoint,
    lastMotion,
    clock,
    interval: (state, now) =>
      withinBudget(
        atLeast(floors.media, options.pollMedia ?? mediaInterval(state, recorder.activeAt(), now)),
        state.budget,
      ),
  })
  const media = yield* makeSource(mediaRules, recorder)
  const rows = yield* makeSource(
    eventRowsSource({
      api,
      log,
      state: recorder.state,
      checkpoint: yield* storedRows(yield* log.checkpoint(account, eventRowsName)),
      lookAtHome: on.homescreen ? Effect.asVoid(Effect.forkIn(homescreen.look, scope)) : Effect.void,
      interval: (state) => withinBudget(atLeast(floors.home, options.pollHome ?? "1 minute"), state.budget),
    }),
    recorder,
  )
  const sticks = yield* makeSource(
    manifestSource({
      api,
      log,
      state: recorder.state,
      checkpoint: yield* storedManifests(yield* log.checkpoint(account, manifestName)),
      wanted: () => options.localStorage ?? mediaRules.isEmpty(),
      lastMotion,
      interval: (state) => withinBudget(Duration.minutes(2), state.budget),
    }),
    recorder,
  )
  const sources = [
    ...(on.homescreen ? [homescreen] : []),
    ...(on.media ? [media] : []),
    ...((options.eventRows ?? dialect === "legacy") ? [rows] : []),
    ...((options.localStorage ?? dialect === "oauth") ? [sticks] : []),
  ]
  const lookAtHome = on.homescreen ? homescreen.look : Effect.void
  const lookAtClips = on.media ? media.look : Effect.void
  const refresh = Effect.all([lookAtHome, lookAtClips], { concurrency: "unbounded", discard: true })

  const run = makeCommandRunner({
    commands: yield* Commands,
    recorder,
    holds,
    scope,
    lookAgain: (wish) => (wish.name === "clip" || wish.name === "thumbnail" ? refresh : lookAtHome),
  })

  const events = ({ since, kinds }: EventsOptions = {}): Stream.Stream<RecordedEvent, LogError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const { oldest, newest } = yield* log.bounds
        if (since !== undefined && since.epoch !== log.epoch)
          return yield* new LogError({ operation: "events", reason: new CursorExpired({ oldest }) })
        const wanted = kinds === undefined ? null : new Set<string>(kinds)
        return Stream.filter(
          log.follow(Seq.make(since?.seq ?? newest)),
          ({ event }) => event.subject.account === account && (wanted === null || wanted.has(event.kind)),
        )
      }),
    )

  yield* Effect.forkScoped(followSession(session, recorder, before?.session ?? null, refresh))
  yield* Effect.forkScoped(followDrift(yield* Drift, recorder))
  for (const source of sources) yield* Effect.forkScoped(source.keepLooking)
  yield* SubscriptionRef.changes(recorder.state).pipe(
    Stream.runForEach(() => Effect.forEach(sources, ({ hurry }) => hurry, { discard: true })),
    Effect.forkScoped,
  )

  const service: Home["Service"] = {
    account,
    state: recorder.state,
    events,
    run,
    refresh,
    bytes: (path) => api.bytes(path),
    stream: (path, range) => api.stream(path, range),
    watch: (camera) => views.watch(camera),
    session,
  }
  return service
})
