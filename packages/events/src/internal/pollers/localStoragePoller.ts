import type { LocalStorage } from "@blink-streams/core"
import {
  type AccountState,
  type Clip,
  type SyncModule,
  Timestamp,
  timestampFromMillis,
} from "@blink-streams/model"
import { Clock, type Duration, Effect, Schema, SubscriptionRef } from "effect"
import type { EventLogContract } from "../../EventLogContract.ts"
import { historyStart } from "../derive/clipNovelty.ts"
import { clipMetadataKeys, lastMotionTimes, clipEvents } from "../derive/clipEvents.ts"
import type { LastMotion } from "../account/LastMotion.ts"
import type { PollerOptions } from "./poller.ts"

export const localStorageSourceName = "usb_storage"

/** By sync module, the newest clip of the first poll or its time: what was stored by then is not new. */
export const LocalStorageCheckpoint = Schema.Record(Schema.String, Timestamp)
export type LocalStorageCheckpoint = typeof LocalStorageCheckpoint.Type

interface StoragePoll {
  readonly syncModule: SyncModule | null
  readonly clips: ReadonlyArray<Clip>
}

/**
 * Polls the clips on USB storage, one sync module per poll in turn. A sync module does one thing at a time, and making
 * the manifest is one: polls are slow, and only for accounts without clips in the cloud.
 */
export const localStoragePoller = (options: {
  readonly localStorage: LocalStorage["Service"]
  readonly log: EventLogContract
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly checkpoint: LocalStorageCheckpoint | null
  /** Returns true when there is reason to poll in the present state. */
  readonly isEnabled: () => boolean
  /** Returns the start of the first poll of the cloud's clips; `null` before it. */
  readonly baselineAt: () => Timestamp | null
  readonly history: Duration.Duration
  readonly lastMotion: LastMotion["Service"]
  readonly interval: PollerOptions<unknown>["interval"]
}): PollerOptions<StoragePoll> => {
  let baselines = options.checkpoint ?? {}
  let nextIndex = 0
  return {
    name: localStorageSourceName,
    fetch: Effect.gen(function* () {
      const { syncModules } = yield* SubscriptionRef.get(options.state)
      const active = syncModules.filter(({ localStorage }) => localStorage === "active")
      const syncModule = options.isEnabled() ? (active[nextIndex % Math.max(1, active.length)] ?? null) : null
      nextIndex += 1
      if (syncModule === null) return { syncModule, clips: [] }
      const storage = { network: syncModule.networkId, syncModule: syncModule.id }
      const { clips } = yield* options.localStorage.clips(storage)
      return { syncModule, clips }
    }),
    reduce: ({ syncModule, clips }, _diffState, { account }) =>
      Effect.gen(function* () {
        if (syncModule === null) return {}
        const observedAt = timestampFromMillis(yield* Clock.currentTimeMillis)
        const baselineAt = baselines[syncModule.id] ?? null
        // What was stored since the account is monitored is no history, also on storage that is inserted later.
        const monitoredFrom = options.baselineAt() ?? observedAt
        const baseline = { baselineAt: baselineAt ?? monitoredFrom, baselineFrom: null }
        const historyFrom = baselineAt === null ? historyStart(monitoredFrom, options.history) : null
        const knownMetadata = yield* options.log.getMetadata(account, clipMetadataKeys(clips))
        const derived = clipEvents(clips, knownMetadata, { account, observedAt, baseline, historyFrom })
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
