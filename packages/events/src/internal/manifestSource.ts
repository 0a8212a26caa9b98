import type { BlinkApi } from "@blink-streams/core/BlinkApi"
import { type BlinkError, blinkError, NotReady } from "@blink-streams/core/BlinkError"
import { oauth } from "@blink-streams/core/endpoints/catalog"
import { type AccountState, type SyncModule, Timestamp, Timestamps } from "@blink-streams/model"
import { Clock, Effect, Schedule, Schema, SubscriptionRef } from "effect"
import type { EventLog } from "../EventLog.ts"
import { type ManifestRow, toLocalClips } from "../manifest.ts"
import { keysToRecall, lastMoments, tellClips } from "../mediaWindow.ts"
import type { LastMotion } from "./lastMotion.ts"
import type { SourceRules } from "./source.ts"

export const manifestName = "local_storage"

/** The newest clip on each hub's stick at the first look, or the time of it: what was on it then is no news. */
export const ManifestCheckpoint = Schema.Record(Schema.String, Timestamp)
export type ManifestCheckpoint = typeof ManifestCheckpoint.Type

interface Seen {
  readonly hub: SyncModule | null
  readonly rows: ReadonlyArray<ManifestRow>
}

/** The cloud says so with 400. */
const isNotReady = ({ reason }: BlinkError): boolean =>
  reason._tag === "NotReady" || (reason._tag === "Refused" && reason.status === 400)

/** Takes up to a minute when there are many clips (`blink-protocol.md` 3.2). */
const untilReady = Schedule.spaced("2 seconds").pipe(Schedule.upTo({ times: 30 }))

/**
 * What is on the USB sticks, one hub a look, in turn. The hub does one thing at a time and making the list is one,
 * so this is slow, and only for homes that have no clips in the cloud.
 */
export const manifestSource = (options: {
  readonly api: BlinkApi["Service"]
  readonly log: EventLog["Service"]
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly checkpoint: ManifestCheckpoint | null
  /** Whether there is reason to ask at all, by what is known now. */
  readonly wanted: () => boolean
  readonly lastMotion: LastMotion
  readonly interval: SourceRules<unknown>["interval"]
}): SourceRules<Seen> => {
  let begun = options.checkpoint ?? {}
  let turn = 0
  return {
    name: manifestName,
    fetch: Effect.gen(function* () {
      const { syncModules } = yield* SubscriptionRef.get(options.state)
      const active = syncModules.filter(({ localStorage }) => localStorage === "active")
      const hub = options.wanted() ? (active[turn % Math.max(1, active.length)] ?? null) : null
      turn += 1
      if (hub === null) return { hub, rows: [] }
      const target = { network: hub.networkId, syncModule: hub.id }
      const { id } = yield* options.api.call(oauth.requestManifest, target)
      if (id === null || id === undefined)
        return yield* blinkError(
          "requestManifest",
          new NotReady({ what: "the hub gave no list of its clips" }),
        )
      const { clips } = yield* options.api
        .call(oauth.manifest, { ...target, request: id })
        .pipe(Effect.retry({ schedule: untilReady, while: isNotReady }))
      return { hub, rows: clips }
    }),
    judge: ({ hub, rows }, _home, state) =>
      Effect.gen(function* () {
        if (hub === null) return {}
        const { account, cameras } = state
        const clips = toLocalClips(rows, hub.networkId, cameras)
        const observedAt = Timestamps.fromMillis(yield* Clock.currentTimeMillis)
        const baselineAt = begun[hub.id] ?? null
        const checkpoint = baselineAt === null ? null : { baselineAt, knownBefore: null }
        const recalled = yield* options.log.recall(account, keysToRecall(clips))
        const told = tellClips(clips, recalled, { account, observedAt, checkpoint })
        options.lastMotion.note(lastMoments(clips))
        const outcome = { ...told, patch: options.lastMotion.into }
        if (baselineAt !== null) return outcome
        const newest = clips
          .map(({ createdAt }) => createdAt)
          .sort()
          .at(-1)
        const after = { ...begun, [hub.id]: newest ?? observedAt }
        return {
          ...outcome,
          checkpoints: [{ source: manifestName, value: after }],
          whenWritten: () => {
            begun = after
          },
        }
      }),
    interval: options.interval,
  }
}
