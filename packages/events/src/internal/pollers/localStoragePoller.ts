import { type BlinkApi, type BlinkError, blinkError, NotReady, oauth } from "@blink-streams/core"
import { type AccountState, type SyncModule, Timestamp, timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect, Schedule, Schema, SubscriptionRef } from "effect"
import type { EventLog } from "../../EventLog.ts"
import { type ManifestRow, toLocalClips } from "../derive/localClips.ts"
import { clipMetadataKeys, lastMotionTimes, clipEvents } from "../derive/clipEvents.ts"
import type { LastMotion } from "../monitor/lastMotion.ts"
import type { PollerOptions } from "./poller.ts"

export const localStorageSourceName = "local_storage"

/** The newest clip on each hub's stick at the first look, or the time of it: what was on it then is no news. */
export const LocalStorageCheckpoint = Schema.Record(Schema.String, Timestamp)
export type LocalStorageCheckpoint = typeof LocalStorageCheckpoint.Type

interface ManifestPage {
  readonly syncModule: SyncModule | null
  readonly rows: ReadonlyArray<ManifestRow>
}

/** The cloud says so with 400. */
const isNotReady = ({ reason }: BlinkError): boolean =>
  reason._tag === "NotReady" || (reason._tag === "Rejected" && reason.status === 400)

/** Takes up to a minute when there are many clips (`blink-protocol.md` 3.2). */
const manifestRetry = Schedule.spaced("2 seconds").pipe(Schedule.upTo({ times: 30 }))

/**
 * What is on the USB sticks, one hub a look, in turn. The hub does one thing at a time and making the list is one,
 * so this is slow, and only for homes that have no clips in the cloud.
 */
export const localStoragePoller = (options: {
  readonly api: BlinkApi["Service"]
  readonly log: EventLog["Service"]
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly checkpoint: LocalStorageCheckpoint | null
  /** Whether there is reason to ask at all, by what is known now. */
  readonly isEnabled: () => boolean
  readonly lastMotion: LastMotion
  readonly interval: PollerOptions<unknown>["interval"]
}): PollerOptions<ManifestPage> => {
  let baselines = options.checkpoint ?? {}
  let nextIndex = 0
  return {
    name: localStorageSourceName,
    fetch: Effect.gen(function* () {
      const { syncModules } = yield* SubscriptionRef.get(options.state)
      const active = syncModules.filter(({ localStorage }) => localStorage === "active")
      const syncModule = options.isEnabled() ? (active[nextIndex % Math.max(1, active.length)] ?? null) : null
      nextIndex += 1
      if (syncModule === null) return { syncModule, rows: [] }
      const target = { network: syncModule.networkId, syncModule: syncModule.id }
      const { id } = yield* options.api.call(oauth.requestManifest, target)
      if (id === null || id === undefined)
        return yield* blinkError(
          "requestManifest",
          new NotReady({ detail: "the hub gave no list of its clips" }),
        )
      const { clips } = yield* options.api
        .call(oauth.manifest, { ...target, request: id })
        .pipe(Effect.retry({ schedule: manifestRetry, while: isNotReady }))
      return { syncModule, rows: clips }
    }),
    reduce: ({ syncModule, rows }, _home, state) =>
      Effect.gen(function* () {
        if (syncModule === null) return {}
        const { account, cameras } = state
        const clips = toLocalClips(rows, syncModule.networkId, cameras)
        const observedAt = timestampFromMillis(yield* Clock.currentTimeMillis)
        const baselineAt = baselines[syncModule.id] ?? null
        const checkpoint = baselineAt === null ? null : { baselineAt, baselineFrom: null }
        const knownMetadata = yield* options.log.getMetadata(account, clipMetadataKeys(clips))
        const derived = clipEvents(clips, knownMetadata, { account, observedAt, checkpoint })
        options.lastMotion.update(lastMotionTimes(clips))
        const result = { ...derived, patch: options.lastMotion.applyTo }
        if (baselineAt !== null) return result
        const newest = clips
          .map(({ createdAt }) => createdAt)
          .sort()
          .at(-1)
        const after = { ...baselines, [syncModule.id]: newest ?? observedAt }
        return {
          ...result,
          checkpoints: [{ source: localStorageSourceName, value: after }],
          onCommitted: () => {
            baselines = after
          },
        }
      }),
    interval: options.interval,
  }
}
