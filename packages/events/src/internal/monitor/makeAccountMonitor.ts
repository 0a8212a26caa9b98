import {
  accountIdOf,
  BlinkApi,
  BlinkConfig,
  Budget,
  Commands,
  Drift,
  isLoopback,
  LiveView,
  Session,
  TokenStore,
} from "@blink-streams/core"
import { type AccountState, type CursorEvent, type EventKind, parseCursor } from "@blink-streams/model"
import { Duration, Effect, Schema, Stream, SubscriptionRef } from "effect"
import { minimumIntervals, mediaPollInterval, withinBudget } from "../pollers/pollInterval.ts"
import { EventLog } from "../../EventLog.ts"
import type {
  AccountMonitorContract,
  AccountMonitorOptions,
  EventsOptions,
} from "../../AccountMonitorContract.ts"
import { DiffState, initialDiffState } from "../derive/DiffState.ts"
import { CursorExpired, LogCorrupt, LogError } from "../../LogError.ts"
import { MediaCheckpoint } from "../derive/MediaCheckpoint.ts"
import { restoreUncertain, makeCommandRunner } from "../commands/commandRunner.ts"
import { makeCloudClock } from "../pollers/cloudClock.ts"
import { makePendingArmCommands } from "../commands/pendingArmCommands.ts"
import {
  LegacyEventsCheckpoint,
  legacyEventsSourceName,
  legacyEventsPoller,
} from "../pollers/legacyEventsPoller.ts"
import { homescreenPoller } from "../pollers/homescreenPoller.ts"
import { makeLastMotion } from "./lastMotion.ts"
import {
  LocalStorageCheckpoint,
  localStorageSourceName,
  localStoragePoller,
} from "../pollers/localStoragePoller.ts"
import { mediaPoller, mediaSourceName } from "../pollers/mediaPoller.ts"
import { homescreenSourceName, makeEventWriter } from "../log/eventWriter.ts"
import { recordSession } from "../session/recordSession.ts"
import { recordDrift } from "./recordDrift.ts"
import { withCursor } from "./withCursor.ts"
import { makePoller } from "../pollers/poller.ts"

/**
 * Returns the account id. The saved session has it, because it must be known while the cloud cannot be reached, and for
 * the prompt of an account whose session is lost.
 */
export const resolveAccount = Effect.gen(function* () {
  const saved = yield* (yield* TokenStore).load
  const known = saved === null ? null : accountIdOf(saved)
  return known ?? (yield* (yield* BlinkApi).account)
})

const decodeCheckpoint = <A>(schema: Schema.Codec<A, unknown>, operation: string) => {
  const decode = Schema.decodeUnknownEffect(schema)
  return (value: unknown) =>
    value === null
      ? Effect.succeed(null)
      : Effect.mapError(
          decode(value),
          (cause) => new LogError({ operation: operation, reason: new LogCorrupt({ cause }) }),
        )
}
const decodeDiffState = decodeCheckpoint(DiffState, "homescreen checkpoint")
const decodeLegacyEvents = decodeCheckpoint(LegacyEventsCheckpoint, "events checkpoint")
const decodeLocalStorage = decodeCheckpoint(LocalStorageCheckpoint, "local storage checkpoint")
const decodeMedia = decodeCheckpoint(MediaCheckpoint, "media checkpoint")

/** Marks a state as stale and its sources as not polled yet. */
const markUnpolled = (state: AccountState): AccountState => ({
  ...state,
  sources: Object.fromEntries(
    Object.entries(state.sources).map(([source, { lastOkAt }]) => [
      source,
      { state: "starting", lastOkAt, nextPollAt: null, reason: null },
    ]),
  ),
  stale: true,
})

/** State before the first poll of this run. */
const startingState = (
  known: AccountState | undefined,
  now: Pick<AccountState, "account" | "session" | "budget">,
): AccountState =>
  markUnpolled({
    asOf: null,
    networks: [],
    syncModules: [],
    cameras: [],
    sources: {},
    stale: true,
    ...known,
    ...now,
  })

/** Makes the monitor of one account: pollers, an event writer and the readers of the log. */
export const makeAccountMonitor = Effect.fnUntraced(function* (options: AccountMonitorOptions) {
  const api = yield* BlinkApi
  const session = yield* Session
  const budget = yield* Budget
  const liveView = yield* LiveView
  const log = yield* EventLog
  const scope = yield* Effect.scope
  const { apiUrl, dialect } = yield* BlinkConfig
  const account = yield* resolveAccount
  const { state: known } = yield* log.snapshot
  const diffState =
    (yield* decodeDiffState(yield* log.checkpoint(account, homescreenSourceName))) ?? initialDiffState
  const checkpoint = yield* decodeMedia(yield* log.checkpoint(account, mediaSourceName))
  const before = known.accounts.find((state) => state.account === account)
  const start = startingState(before, {
    account,
    session: yield* SubscriptionRef.get(session.state),
    budget: yield* SubscriptionRef.get(budget.state),
  })
  const writer = yield* makeEventWriter(account, log, { diffState, state: start })
  // Runs after all pollers have stopped. When it cannot write, the next start marks the state.
  yield* Effect.addFinalizer(() => Effect.exit(writer.write(() => Effect.succeed({ patch: markUnpolled }))))
  const lastMotion = makeLastMotion(start)
  const pendingArmCommands = makePendingArmCommands()
  yield* restoreUncertain(
    log,
    account,
    diffState.networks.map(({ id }) => id),
    pendingArmCommands,
  )
  const clock = makeCloudClock()

  const atLeast = (minimum: Duration.Duration, requested: Duration.Input) =>
    isLoopback(apiUrl)
      ? Duration.fromInputUnsafe(requested)
      : Duration.max(minimum, Duration.fromInputUnsafe(requested))
  const enabled = { homescreen: options.state ?? true, media: options.clips ?? true }
  const homescreen = yield* makePoller(
    homescreenPoller({
      api,
      budget: SubscriptionRef.get(budget.state),
      state: writer.state,
      clock,
      pendingArmCommands,
      lastMotion,
      limits: options.temperatureLimits ?? { lowestCelsius: 5, highestCelsius: 35 },
      interval: (state) =>
        withinBudget(atLeast(minimumIntervals.homescreen, options.stateInterval ?? "1 minute"), state.budget),
    }),
    writer,
  )
  const mediaOptions = mediaPoller({
    api,
    log,
    checkpoint,
    lastMotion,
    clock,
    interval: (state, now) =>
      withinBudget(
        atLeast(
          minimumIntervals.media,
          options.clipInterval ?? mediaPollInterval(state, writer.activeAt(), now),
        ),
        state.budget,
      ),
  })
  const media = yield* makePoller(mediaOptions, writer)
  const legacyEvents = yield* makePoller(
    legacyEventsPoller({
      api,
      log,
      state: writer.state,
      checkpoint: yield* decodeLegacyEvents(yield* log.checkpoint(account, legacyEventsSourceName)),
      pollHomescreen: enabled.homescreen
        ? Effect.asVoid(Effect.forkIn(homescreen.poll, scope))
        : Effect.void,
      interval: (state) =>
        withinBudget(atLeast(minimumIntervals.homescreen, options.stateInterval ?? "1 minute"), state.budget),
    }),
    writer,
  )
  const localStorage = yield* makePoller(
    localStoragePoller({
      api,
      log,
      state: writer.state,
      checkpoint: yield* decodeLocalStorage(yield* log.checkpoint(account, localStorageSourceName)),
      isEnabled: () => options.usbStorage ?? mediaOptions.isEmpty(),
      lastMotion,
      interval: (state) => withinBudget(Duration.minutes(2), state.budget),
    }),
    writer,
  )
  const pollers = [
    ...(enabled.homescreen ? [homescreen] : []),
    ...(enabled.media ? [media] : []),
    ...((options.legacyEvents ?? dialect === "legacy") ? [legacyEvents] : []),
    ...((options.usbStorage ?? dialect === "oauth") ? [localStorage] : []),
  ]
  const pollHomescreen = enabled.homescreen ? homescreen.poll : Effect.void
  const pollMedia = enabled.media ? media.poll : Effect.void
  const refresh = Effect.all([pollHomescreen, pollMedia], { concurrency: "unbounded", discard: true })

  const runCommand = makeCommandRunner({
    commands: yield* Commands,
    writer,
    pendingArmCommands,
    scope,
    pollAfter: (command) =>
      command.name === "clip" || command.name === "thumbnail" ? refresh : pollHomescreen,
  })

  const events = <Kind extends EventKind = EventKind>({
    since,
    kinds,
  }: EventsOptions<Kind> = {}): Stream.Stream<CursorEvent<Kind>, LogError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const { oldest, newest } = yield* log.bounds
        const position = since === undefined ? { epoch: log.epoch, seq: newest } : parseCursor(since)
        if (position?.epoch !== log.epoch)
          return yield* new LogError({ operation: "events", reason: new CursorExpired({ oldest }) })
        const requestedKinds = kinds === undefined ? null : new Set<EventKind>(kinds)
        const isRequested = (event: CursorEvent): event is CursorEvent<Kind> =>
          event.subject.account === account && (requestedKinds === null || requestedKinds.has(event.kind))
        return log.follow(position.seq).pipe(
          Stream.map((recorded) => withCursor(recorded, recorded.seq <= newest)),
          Stream.filter(isRequested),
        )
      }),
    )

  yield* Effect.forkScoped(recordSession(session, writer, before?.session ?? null, refresh))
  yield* Effect.forkScoped(recordDrift(yield* Drift, writer))
  for (const poller of pollers) yield* Effect.forkScoped(poller.run)
  yield* SubscriptionRef.changes(writer.state).pipe(
    Stream.runForEach(() => Effect.forEach(pollers, ({ reschedule }) => reschedule, { discard: true })),
    Effect.forkScoped,
  )

  const service: AccountMonitorContract = {
    account,
    state: writer.state,
    events,
    command: runCommand,
    refresh,
    bytes: (path) => api.bytes(path),
    stream: (path, range) => api.stream(path, range),
    watch: (camera) => liveView.watch(camera),
    session,
  }
  return service
})
