import { type BlinkApi, type BlinkError, blinkError, NotReady } from "@blink-streams/core"
import { type AccountState, type SyncModule, Timestamp, timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect, Schedule, Schema, SubscriptionRef } from "effect"
import type { EventLogContract } from "../../EventLogContract.ts"
import { type ManifestRow, toLocalClips } from "../derive/localClips.ts"
import { clipMetadataKeys, lastMotionTimes, clipEvents } from "../derive/clipEvents.ts"
import type { LastMotion } from "../account/LastMotion.ts"
import type { PollerOptions } from "./poller.ts"

export const localStorageSourceName = "usb_storage"

/** By sync module, the newest clip of the first poll or its time: what was stored by then produces no events. */
export const LocalStorageCheckpoint = Schema.Record(Schema.String, Timestamp)
export type LocalStorageCheckpoint = typeof LocalStorageCheckpoint.Type

interface ManifestPage {
  readonly syncModule: SyncModule | null
  readonly rows: ReadonlyArray<ManifestRow>
}

/** The cloud responds with 400 while a manifest is not ready. */
const isNotReady = ({ reason }: BlinkError): boolean =>
  reason._tag === "NotReady" || (reason._tag === "Rejected" && reason.status === 400)

/** A manifest of many clips takes up to a minute (`blink-protocol.md` 3.2). */
const manifestRetry = Schedule.spaced("2 seconds").pipe(Schedule.upTo({ times: 30 }))

/**
 * Polls the clips on USB storage, one sync module per poll in turn. A sync module does one thing at a time, and making
 * the manifest is one: polls are slow, and only for accounts without clips in the cloud.
 */
export const localStoragePoller = (options: {
  readonly api: BlinkApi["Service"]
  readonly log: EventLogContract
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly checkpoint: LocalStorageCheckpoint | null
  /** Returns true when there is reason to poll in the present state. */
  readonly isEnabled: () => boolean
  readonly lastMotion: LastMotion["Service"]
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
      const { id } = yield* options.api.call("requestManifest", target)
      if (id === null || id === undefined)
        return yield* blinkError(
          "requestManifest",
          new NotReady({ detail: "the sync module returned no manifest" }),
          "yes",
        )
      const { clips } = yield* options.api
        .call("manifest", { ...target, request: id })
        .pipe(Effect.retry({ schedule: manifestRetry, while: isNotReady }))
      return { syncModule, rows: clips }
    }),
    reduce: ({ syncModule, rows }, _diffState, state) =>
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
