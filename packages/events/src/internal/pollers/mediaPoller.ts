import type { BlinkApi } from "@blink-streams/core"
import {
  type AccountId,
  type AccountState,
  type BlinkEvent,
  type Clip,
  EventId,
  type Timestamp,
  timestampFromMillis,
} from "@blink-streams/model"
import { Clock, type Duration, Effect } from "effect"
import type { EventLogContract } from "../../EventLogContract.ts"
import type { LogError } from "../../LogError.ts"
import {
  advanceCheckpoint,
  type MediaCheckpoint,
  type MediaScan,
  type ScanStart,
  startCheckpoint,
} from "../derive/MediaCheckpoint.ts"
import { historyStart } from "../derive/clipNovelty.ts"
import { clipMetadataKeys, lastMotionTimes, clipEvents } from "../derive/clipEvents.ts"
import type { CloudClock } from "./CloudClock.ts"
import type { LastMotion } from "../account/LastMotion.ts"
import { makeMediaPagination } from "./mediaPagination.ts"
import type { PollResult } from "../account/EventWriter.ts"
import type { PollerOptions } from "./poller.ts"

export const mediaSourceName = "clips"

/** Clips that are processed and written together. */
const chunkSize = 500

const gapEvent = (
  state: AccountState,
  before: MediaCheckpoint,
  { clips, startedAt }: MediaScan,
): BlinkEvent => {
  const oldest = clips.reduce<Timestamp>(
    (low, { createdAt }) => (createdAt < low ? createdAt : low),
    startedAt,
  )
  return {
    kind: "gap",
    // The id stays the same when this poll is repeated because its end could not be written.
    id: EventId.make(`gap:${state.account}:media:${before.highWater}:${oldest}`),
    occurredAt: startedAt,
    observedAt: startedAt,
    source: mediaSourceName,
    subject: { account: state.account },
    data: {
      source: mediaSourceName,
      from: before.highWater,
      to: oldest,
      reason: `more than ${clips.length} clips changed between two polls; the oldest were not read`,
    },
  }
}

/**
 * Polls the list of clips of either API, from the last checkpoint on. The first poll lists all clips: those of the last
 * `history` are written as backfilled events, the others are remembered without events.
 */
export const mediaPoller = (options: {
  readonly account: AccountId
  readonly api: BlinkApi["Service"]
  readonly log: EventLogContract
  readonly checkpoint: MediaCheckpoint | null
  readonly lastMotion: LastMotion["Service"]
  readonly clock: CloudClock["Service"]
  readonly history: Duration.Duration
  readonly interval: PollerOptions<unknown>["interval"]
}): PollerOptions<MediaScan> & {
  readonly isEmpty: () => boolean
  readonly baselineAt: () => Timestamp | null
} => {
  const { account, log } = options
  let checkpoint = options.checkpoint
  let lastClips: ReadonlyArray<Clip> | null = null
  let lastCompleteAt: Timestamp | null = null

  /** Start of the first scan, until it is saved. */
  let started: MediaCheckpoint | null = null

  /** Saves the time from which clips are new, so that a restart during the first scan makes none of them history. */
  const saveStart = Effect.fnUntraced(function* (start: ScanStart) {
    if (checkpoint !== null) return
    started ??= startCheckpoint(start)
    yield* log.append({ account, events: [], checkpoints: [{ source: mediaSourceName, value: started }] })
    checkpoint = started
  })
  const pagination = makeMediaPagination(options.api, options.clock, saveStart)

  const reduce = Effect.fnUntraced(function* (
    scan: MediaScan,
    state: AccountState,
  ): Effect.fn.Return<PollResult, LogError> {
    const before = checkpoint ?? startCheckpoint(scan)
    const isFirst = !before.baselineComplete
    const markComplete = () => {
      if (scan.complete) lastCompleteAt = scan.serverTime
    }
    // The same list object as before has nothing new.
    if (scan.clips === lastClips && !isFirst && !scan.fullScan) return { onCommitted: markComplete }
    const after = advanceCheckpoint(before, scan)
    const context = {
      account,
      observedAt: timestampFromMillis(yield* Clock.currentTimeMillis),
      baseline: before,
      historyFrom: isFirst ? historyStart(before.baselineAt, options.history) : null,
    }
    const oldestFirst = [...scan.clips].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
    const gap = isFirst || scan.complete ? [] : [gapEvent(state, before, scan)]
    let result: PollResult = { events: gap }
    for (let from = 0; from < oldestFirst.length; from += chunkSize) {
      // All parts but the last are written here; only the last one moves the checkpoint.
      if (from > 0)
        yield* log.append({ account, events: result.events ?? [], metadata: result.metadata ?? [] })
      const part = oldestFirst.slice(from, from + chunkSize)
      const derived = clipEvents(part, yield* log.getMetadata(account, clipMetadataKeys(part)), context)
      result = {
        events: from === 0 ? [...gap, ...derived.events] : derived.events,
        metadata: derived.metadata,
      }
    }
    options.lastMotion.update(lastMotionTimes(scan.clips))
    return {
      ...result,
      checkpoints: [{ source: mediaSourceName, value: after }],
      patch: options.lastMotion.applyTo,
      onCommitted: () => {
        markComplete()
        pagination.reset()
        lastClips = scan.clips
        checkpoint = after
      },
    }
  })

  return {
    name: mediaSourceName,
    fetch: Effect.suspend(() => pagination.read(checkpoint, lastCompleteAt)),
    reduce: (scan, _diffState, state) => reduce(scan, state),
    interval: options.interval,
    /** True when the cloud has never listed a clip: the account has no plan that keeps any. */
    isEmpty: () => checkpoint !== null && checkpoint.baselineComplete && checkpoint.highWater === null,
    /** Start of the first poll; `null` before it. */
    baselineAt: () => checkpoint?.baselineAt ?? null,
  }
}
