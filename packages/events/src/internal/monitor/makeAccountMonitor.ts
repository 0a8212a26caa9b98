import { BlinkApi, BlinkConfig, type Command, Drift, LiveView, Session } from "@blink-streams/core"
import { Effect, Layer, Stream, SubscriptionRef } from "effect"
import { AccountLease } from "../../AccountLease.ts"
import type { AccountMonitorContract, AccountMonitorOptions } from "../../AccountMonitorContract.ts"
import { EventLog } from "../../EventLog.ts"
import { CommandRecorder } from "../commands/CommandRecorder.ts"
import { makeCommandRunner } from "../commands/makeCommandRunner.ts"
import { PendingArmCommands } from "../commands/PendingArmCommands.ts"
import { AccountRecord, resolveAccount } from "../account/AccountRecord.ts"
import { EventWriter } from "../account/EventWriter.ts"
import { CloudClock } from "../pollers/CloudClock.ts"
import type { Poller } from "../pollers/poller.ts"
import { recordSession } from "../session/recordSession.ts"
import { homescreenSource } from "../sources/homescreenSource.ts"
import { legacyEventsSource } from "../sources/legacyEventsSource.ts"
import { localStorageSource } from "../sources/localStorageSource.ts"
import { mediaSource } from "../sources/mediaSource.ts"
import { PollSettings } from "../sources/PollSettings.ts"
import { accountReaders } from "../readers/accountReaders.ts"
import { accountEvents } from "./accountEvents.ts"
import { accountHistory } from "./accountHistory.ts"
import { LastMotion } from "../account/LastMotion.ts"
import { newestCursor } from "./newestCursor.ts"
import { recordDrift } from "./recordDrift.ts"

/** Services that the sources and commands of one account share. Two monitors share none of them. */
const monitorServices = (options: AccountMonitorOptions) =>
  Layer.fresh(
    Layer.mergeAll(
      CommandRecorder.layer,
      LastMotion.layer,
      CloudClock.layer,
      PollSettings.layer(options),
    ).pipe(
      Layer.provideMerge(Layer.mergeAll(EventWriter.layer, PendingArmCommands.layer)),
      Layer.provideMerge(AccountRecord.layer),
    ),
  )

const startMonitor = Effect.gen(function* () {
  const api = yield* BlinkApi
  const session = yield* Session
  const liveView = yield* LiveView
  const log = yield* EventLog
  const writer = yield* EventWriter
  const settings = yield* PollSettings
  const { account, lastState } = yield* AccountRecord

  const homescreen = yield* homescreenSource
  const media = yield* mediaSource
  const pollHomescreen = settings.state ? homescreen.poll : Effect.void
  const pollMedia = settings.clips ? media.poller.poll : Effect.void
  const refresh = Effect.all([pollHomescreen, pollMedia], { concurrency: "unbounded", discard: true })
  const pollers: ReadonlyArray<Poller> = [
    ...(settings.state ? [homescreen] : []),
    ...(settings.clips ? [media.poller] : []),
    ...(settings.legacyEvents ? [yield* legacyEventsSource(pollHomescreen)] : []),
    ...(settings.usbStorage ? [yield* localStorageSource(media)] : []),
  ]
  const command = yield* makeCommandRunner(({ name }: Command) =>
    name === "clip" || name === "thumbnail" ? refresh : pollHomescreen,
  )

  yield* Effect.forkScoped(recordSession(session, writer, lastState?.session ?? null, refresh))
  yield* Effect.forkScoped(recordDrift(yield* Drift, writer))
  for (const poller of pollers) yield* Effect.forkScoped(poller.run)
  yield* SubscriptionRef.changes(writer.state).pipe(
    Stream.runForEach(() => Effect.forEach(pollers, ({ reschedule }) => reschedule, { discard: true })),
    Effect.forkScoped,
  )

  const service: AccountMonitorContract = {
    account,
    state: writer.state,
    newestCursor: newestCursor(log),
    events: (options = {}) => accountEvents(log, account, options),
    history: (options = {}) => accountHistory(log, account, options),
    ...accountReaders(log, account),
    command,
    refresh,
    bytes: (path) => api.bytes(path),
    stream: (path, range) => api.stream(path, range),
    watch: (camera) => liveView.watch(camera),
    session,
  }
  return service
})

/**
 * Makes the monitor of one account: pollers, an event writer and the readers of the log. Nothing is polled before the
 * account's lease is held.
 */
export const makeAccountMonitor = Effect.fnUntraced(function* (options: AccountMonitorOptions) {
  const { apiUrl } = yield* BlinkConfig
  const leases = yield* AccountLease
  yield* leases.acquire(yield* resolveAccount, apiUrl)
  const services = yield* Layer.build(monitorServices(options))
  return yield* Effect.provideContext(startMonitor, services)
})
