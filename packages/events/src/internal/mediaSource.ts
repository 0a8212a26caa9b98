import type { BlinkApi } from "@blink-streams/core/BlinkApi"
import {
  type AccountState,
  type Clip,
  EventId,
  type HomeEvent,
  type Timestamp,
  Timestamps,
} from "@blink-streams/model"
import { Clock, Effect } from "effect"
import type { EventLog } from "../EventLog.ts"
import type { LogError } from "../LogError.ts"
import { advance, type MediaCheckpoint, type MediaWalk } from "../MediaCheckpoint.ts"
import { keysToRecall, lastMoments, tellClips } from "../mediaWindow.ts"
import type { CloudClock } from "./cloudClock.ts"
import type { LastMotion } from "./lastMotion.ts"
import { makeMediaWalk } from "./mediaWalk.ts"
import type { Outcome } from "./recorder.ts"
import type { SourceRules } from "./source.ts"

export const mediaSourceName = "media"

/** Clips that are judged and written together. */
const chunk = 500

const gapOf = (state: AccountState, before: MediaCheckpoint, { clips, startedAt }: MediaWalk): HomeEvent => {
  const oldest = clips.reduce<Timestamp>(
    (low, { createdAt }) => (createdAt < low ? createdAt : low),
    startedAt,
  )
  return {
    kind: "gap",
    // The same when this look has to be made again because its end could not be written.
    id: EventId.make(`gap:${state.account}:media:${before.highWater}:${oldest}`),
    occurredAt: startedAt,
    observedAt: startedAt,
    source: mediaSourceName,
    subject: { account: state.account },
    data: {
      what: "clips",
      from: before.highWater,
      to: oldest,
      reason: `more than ${clips.length} clips changed while nobody looked; the oldest of them were not read`,
    },
  }
}

/** The list of clips of either dialect, as a window that moves with what was certainly seen. */
export const mediaSource = (options: {
  readonly api: BlinkApi["Service"]
  readonly log: EventLog["Service"]
  readonly checkpoint: MediaCheckpoint | null
  readonly lastMotion: LastMotion
  readonly clock: CloudClock
  readonly interval: SourceRules<unknown>["interval"]
}): SourceRules<MediaWalk> & { readonly isEmpty: () => boolean } => {
  const { log } = options
  const walk = makeMediaWalk(options.api, options.clock)
  let checkpoint = options.checkpoint
  let seenBefore: ReadonlyArray<Clip> | null = null
  let wholeAt: Timestamp | null = null

  const judge = Effect.fnUntraced(function* (
    seen: MediaWalk,
    state: AccountState,
  ): Effect.fn.Return<Outcome, LogError> {
    const { account } = state
    const before = checkpoint
    const noteWhole = () => {
      if (seen.whole) wholeAt = seen.serverTime
    }
    // The very list of before: nothing in it can be news.
    if (seen.clips === seenBefore && before !== null && !seen.sweep) return { whenWritten: noteWhole }
    const after = advance(before, seen)
    const look = {
      account,
      observedAt: Timestamps.fromMillis(yield* Clock.currentTimeMillis),
      checkpoint: before,
    }
    const oldestFirst = [...seen.clips].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
    const gap = before !== null && !seen.whole ? [gapOf(state, before, seen)] : []
    let outcome: Outcome = { events: gap }
    for (let from = 0; from < oldestFirst.length; from += chunk) {
      // All but the last part are written here; only the last one moves the checkpoint.
      if (from > 0) yield* log.append({ account, events: outcome.events ?? [], memory: outcome.memory ?? [] })
      const part = oldestFirst.slice(from, from + chunk)
      const told = tellClips(part, yield* log.recall(account, keysToRecall(part)), look)
      outcome = { events: from === 0 ? [...gap, ...told.events] : told.events, memory: told.memory }
    }
    options.lastMotion.note(lastMoments(seen.clips))
    return {
      ...outcome,
      checkpoints: [{ source: mediaSourceName, value: after }],
      patch: options.lastMotion.into,
      whenWritten: () => {
        noteWhole()
        walk.forget()
        seenBefore = seen.clips
        checkpoint = after
      },
    }
  })

  return {
    name: mediaSourceName,
    fetch: Effect.suspend(() => walk.read(checkpoint, wholeAt)),
    judge: (seen, _home, state) => judge(seen, state),
    interval: options.interval,
    /** Whether the cloud was asked and has never shown a clip: the account has no plan that keeps any. */
    isEmpty: () => checkpoint !== null && checkpoint.highWater === null,
  }
}
