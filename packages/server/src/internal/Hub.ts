import type { LogChange } from "@blink-streams/events/EventLog"
import type { Homes } from "@blink-streams/events/Homes"
import { type AccountId, type AccountState, Seq } from "@blink-streams/model"
import { fromMillis } from "@blink-streams/model/Timestamp"
import type { Subscribe } from "@blink-streams/protocol/ClientMessage"
import type { Resume, ServerMessage } from "@blink-streams/protocol/ServerMessage"
import { Clock, Effect, FiberSet, Schedule, Stream, SubscriptionRef } from "effect"
import { type Grant, grantKey, maySeeAccount } from "../Grant.ts"
import type { Limits } from "../Limits.ts"
import type { MediaAddress } from "../MediaAddress.ts"
import { sourcesOf, stateView } from "../stateView.ts"
import { textFrames } from "./frames.ts"
import { isBehind, type Line, type Reader, stateFilters } from "./Line.ts"
import { makeLogPages } from "./LogPages.ts"
import { Outgoing, Shape } from "./Shape.ts"
import type { Stats } from "./Stats.ts"
import { type Cut, snapshotBody } from "./snapshotBody.ts"
import { visiblePrompts } from "./visiblePrompts.ts"

export interface HubOptions {
  readonly homes: Homes["Service"]
  readonly limits: Limits
  readonly media: MediaAddress
  readonly stats: Stats
}

export interface Hub {
  add(line: Line): void
  remove(line: Line): void
  /** Answers the request and starts serving it. */
  subscribe(line: Line, request: Subscribe): Effect.Effect<void>
  unsubscribe(line: Line, id: string): void
  send(line: Line, message: ServerMessage): void
  readonly lines: ReadonlySet<Line>
}

const every = (millis: number, action: () => void) =>
  Effect.forkScoped(Effect.repeat(Effect.sync(action), Schedule.spaced(millis)))

/** From one log to many peers: a batch is encoded once per shape and handed to each peer in one write. */
export const makeHub = Effect.fnUntraced(function* (options: HubOptions) {
  const { homes, limits, media, stats } = options
  const { log } = homes
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const run = yield* FiberSet.makeRuntime<never, void, never>()
  const pageOf = yield* makeLogPages(log, media, now)

  const lines = new Set<Line>()
  const shapes = new Map<string, { readonly shape: Shape; readonly readers: Set<Reader> }>()
  /** Readers that know more than the hub: their snapshot was cut before the hub saw the batch. */
  const ahead = new Set<Reader>()
  const states = new Map<AccountId, { readonly seq: Seq; readonly state: AccountState }>()
  const dueStates = new Set<AccountId>()
  let statesSentAt = Number.NEGATIVE_INFINITY
  let seq = (yield* Effect.orDie(log.bounds)).newest
  let prompts = yield* SubscriptionRef.get(homes.prompts)
  const initial = yield* Effect.orDie(log.cut)
  for (const state of initial.state.accounts) states.set(state.account, { seq: initial.seq, state })

  const write = (line: Line, frames: Buffer) => {
    if (line.closed) return
    stats.writes += 1
    stats.bytes += frames.length
    line.outlet.write(frames)
    if (line.stuck !== null || line.outlet.waiting <= limits.highWaterBytes) return
    line.stuck = { since: now(), waiting: line.outlet.waiting }
    line.outlet.onceDrained(() => {
      line.stuck = null
      for (const reader of line.readers) if (reader.mode === "log") pump(reader)
    })
  }

  const send = (line: Line, message: ServerMessage) => {
    stats.frames += 1
    write(line, textFrames([JSON.stringify(message)]))
  }

  const place = (reader: Reader) => {
    const { key } = reader.shape
    const known = shapes.get(key)
    if (known) {
      reader.shape = known.shape
      reader.subscriptions = known.shape.subscriptions
      known.readers.add(reader)
    } else shapes.set(key, { shape: reader.shape, readers: new Set([reader]) })
  }
  const take = (reader: Reader) => {
    const known = shapes.get(reader.shape.key)
    known?.readers.delete(reader)
    if (known?.readers.size === 0) shapes.delete(reader.shape.key)
    ahead.delete(reader)
  }

  /** A reader has caught up. With others of its peer that have, it is one from here on. */
  const makeLive = (reader: Reader) => {
    reader.mode = "live"
    reader.replayedUntil = seq
    const { line } = reader
    for (const other of line.readers)
      if (other !== reader && other.mode === "live") {
        take(other)
        line.readers = line.readers.filter((known) => known !== other)
        reader.subscriptions = [...other.subscriptions, ...reader.subscriptions]
      }
    reader.shape = new Shape(line.grant, reader.subscriptions)
    place(reader)
    if (line.missedState && !isBehind(line)) {
      line.missedState = false
      for (const account of states.keys()) sendState(line, account)
    }
  }

  /** From here on the log is this reader's queue; nothing is kept for it. */
  const fallBehind = (reader: Reader, at: Seq) => {
    take(reader)
    reader.mode = "log"
    reader.sent = at
    reader.replayedUntil = Number.POSITIVE_INFINITY
    pump(reader)
  }

  const sendState = (line: Line, account: AccountId) => {
    const filters = stateFilters(line)
    const known = states.get(account)
    if (filters === null || known === undefined) return
    const state = stateView(line.grant, filters, known.state)
    if (state !== null)
      send(line, { type: "state", epoch: log.epoch, seq: known.seq, state: media.state(state, now()) })
  }

  const flushStates = () => {
    statesSentAt = now()
    const encoded = new Map<string, Buffer | null>()
    for (const account of dueStates) {
      const known = states.get(account)
      if (known === undefined) continue
      for (const line of lines) {
        const filters = stateFilters(line)
        if (filters === null) continue
        if (isBehind(line)) {
          if (line.missedState) stats.coalesced += 1
          line.missedState = true
          continue
        }
        const key = `${account} ${grantKey(line.grant)} ${JSON.stringify(filters)}`
        let frame = encoded.get(key)
        if (frame === undefined) {
          const state = stateView(line.grant, filters, known.state)
          frame =
            state === null
              ? null
              : textFrames([
                  JSON.stringify({
                    type: "state",
                    epoch: log.epoch,
                    seq: known.seq,
                    state: media.state(state, now()),
                  } satisfies ServerMessage),
                ])
          encoded.set(key, frame)
        }
        if (frame !== null) {
          stats.frames += 1
          write(line, frame)
        }
      }
    }
    dueStates.clear()
  }

  const publish = (change: LogChange) => {
    const { events } = change
    if (events.length > 0) {
      const from = seq
      seq = change.seq
      stats.events += events.length
      const at = now()
      const outgoing = events.map(
        ({ seq, event }) => new Outgoing(media, at, seq, JSON.stringify(event), event),
      )
      const continues = events[0]?.seq === from + 1
      for (const { shape, readers } of shapes.values()) {
        if (!continues) {
          for (const reader of readers) fallBehind(reader, from)
          continue
        }
        const texts = shape.frames(outgoing, log.epoch, () => false)
        if (texts.length === 0) continue
        const together = textFrames(texts)
        for (const reader of readers) {
          write(reader.line, together)
          stats.frames += texts.length
          if (reader.line.stuck !== null) fallBehind(reader, seq)
        }
      }
      for (const reader of ahead)
        if (reader.sent <= seq) {
          ahead.delete(reader)
          pump(reader)
        }
    }
    if (change.state !== null) {
      states.set(change.state.account, { seq: change.seq, state: change.state })
      dueStates.add(change.state.account)
      if (now() - statesSentAt >= limits.stateIntervalMs) flushStates()
      else stats.coalesced += 1
    }
  }

  /** The frames after a place for one shape; `last` is how far they reach. */
  /** Tells a reader that a part of the log is gone, and puts it on firm ground again. */
  const startOver = (reader: Reader, reason: "cursor_expired" | "slow_consumer" | "restart", from: Seq) =>
    Effect.gen(function* () {
      const cut = yield* Effect.orDie(log.cut)
      const { line } = reader
      if (line.closed) return
      line.outlet.cork()
      for (const request of reader.subscriptions) {
        stats.gaps += 1
        send(line, { type: "gap", id: request.id, from, to: cut.seq, reason, action: "snapshot_follows" })
        send(line, snapshotOf(line.grant, request, cut, "cannot_replay", 0))
      }
      line.outlet.uncork()
      reader.sent = cut.seq
      reader.replayedUntil = cut.seq
    })

  const pump = (reader: Reader) => {
    if (reader.pumping) return
    reader.pumping = true
    run(
      Effect.gen(function* () {
        while (reader.mode === "log" && reader.line.readers.includes(reader) && reader.line.stuck === null) {
          if (reader.sent === seq) {
            makeLive(reader)
            return
          }
          if (reader.sent > seq) {
            ahead.add(reader)
            return
          }
          const next = yield* pageOf(reader).pipe(
            Effect.catchReason("LogError", "CursorExpired", () =>
              Effect.as(startOver(reader, "slow_consumer", reader.sent), null),
            ),
            Effect.catchTag("LogError", (error) =>
              Effect.as(
                Effect.andThen(
                  Effect.logError("the event log can't be read", error),
                  Effect.sync(() => reader.line.outlet.close(1001, "the event log can't be read")),
                ),
                null,
              ),
            ),
          )
          if (next === null) continue
          if (!reader.line.readers.includes(reader)) return
          for (const piece of next.pieces) write(reader.line, piece)
          stats.frames += next.frames
          reader.sent = next.last
          yield* Effect.yieldNow
        }
      }).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            reader.pumping = false
          }),
        ),
      ),
    )
  }

  const snapshotOf = (
    grant: Grant,
    { id, filter = {} }: Subscribe,
    cut: Cut,
    resume: Resume,
    replayed: number,
  ): ServerMessage => {
    const body = snapshotBody(grant, filter, cut, prompts, media, now())
    return { type: "snapshot", id, ...body, resume, replayed }
  }

  const subscribe = Effect.fnUntraced(function* (line: Line, request: Subscribe) {
    const { id, since } = request
    const cut = yield* Effect.orDie(log.cut)
    const { oldest } = yield* Effect.orDie(log.bounds)
    if (line.closed) return
    const reader: Reader = {
      line,
      shape: new Shape(line.grant, [request]),
      subscriptions: [request],
      mode: "log",
      sent: cut.seq,
      replayedUntil: cut.seq,
      pumping: false,
    }
    line.readers = [...line.readers, reader]
    const known = since !== undefined && since.epoch === cut.epoch && since.seq <= cut.seq
    if (since !== undefined && (!known || since.seq + 1 < oldest)) {
      yield* startOver(reader, known ? "cursor_expired" : "restart", known ? since.seq : Seq.make(0))
      pump(reader)
      return
    }
    const replayed = since === undefined ? 0 : cut.seq - since.seq
    const resume = since === undefined ? "live" : replayed === 0 ? "up_to_date" : "replayed"
    if (since !== undefined) reader.sent = since.seq
    line.outlet.cork()
    if (request.snapshot === "none")
      send(line, { type: "subscribed", id, epoch: cut.epoch, seq: cut.seq, resume, replayed })
    else send(line, snapshotOf(line.grant, request, cut, resume, replayed))
    line.outlet.uncork()
    pump(reader)
  })

  const unsubscribe = (line: Line, id: string) => {
    for (const reader of line.readers) {
      if (!reader.subscriptions.some((subscription) => subscription.id === id)) continue
      const rest = reader.subscriptions.filter((subscription) => subscription.id !== id)
      const { mode } = reader
      take(reader)
      if (rest.length === 0) line.readers = line.readers.filter((known) => known !== reader)
      else {
        reader.subscriptions = rest
        reader.shape = new Shape(line.grant, rest)
        if (mode === "live") place(reader)
        else pump(reader)
      }
    }
  }

  const heartbeat = () => {
    const at = now()
    const frames = new Map<string, Buffer>()
    for (const line of lines) {
      line.outlet.ping()
      // A place may only be told to a peer that has got everything up to it.
      if (isBehind(line)) continue
      const key = JSON.stringify(line.grant.accounts)
      let frame = frames.get(key)
      if (frame === undefined) {
        const visible = [...states.values()].flatMap(({ state }) =>
          maySeeAccount(line.grant, state.account) ? [state] : [],
        )
        const message: ServerMessage = {
          type: "heartbeat",
          epoch: log.epoch,
          seq,
          serverTime: fromMillis(at),
          sources: sourcesOf(visible),
        }
        frame = textFrames([JSON.stringify(message)])
        frames.set(key, frame)
      }
      stats.frames += 1
      write(line, frame)
    }
  }

  /** Once a second: states that were held back, and peers that take nothing. */
  const sweep = () => {
    const at = now()
    if (dueStates.size > 0 && at - statesSentAt >= limits.stateIntervalMs) flushStates()
    let behind = 0
    for (const line of lines) {
      if (line.stuck === null) continue
      behind += 1
      const { waiting } = line.outlet
      if (waiting < line.stuck.waiting) line.stuck = { since: at, waiting }
      else if (at - line.stuck.since >= limits.slowDeadlineMs)
        line.outlet.close(4430, "nothing was read for too long")
    }
    stats.behind = behind
  }

  /** The feed begins at the newest place: who is not there is served from the log, and told if that has a gap. */
  const feed = Effect.flatMap(log.bounds, ({ newest }) => {
    if (newest > seq) {
      const from = seq
      seq = newest
      for (const { readers } of shapes.values()) for (const reader of readers) fallBehind(reader, from)
    }
    return Stream.runForEach(log.changes, (change) => Effect.sync(() => publish(change)))
  })
  yield* feed.pipe(
    Effect.tapCause((cause) =>
      Effect.logWarning("the feed of the event log broke; it is taken up again", cause),
    ),
    Effect.retry(Schedule.spaced("100 millis")),
    // At once: the feed begins where `seq` stands.
    Effect.forkScoped({ startImmediately: true }),
  )
  yield* SubscriptionRef.changes(homes.prompts).pipe(
    Stream.changesWith((before, after) => before === after),
    Stream.drop(1),
    Stream.runForEach((all) =>
      Effect.sync(() => {
        prompts = all
        for (const line of lines)
          if (line.capabilities.has("prompts"))
            send(line, { type: "prompts", prompts: visiblePrompts(line.grant, all) })
      }),
    ),
    Effect.forkScoped({ startImmediately: true }),
  )
  yield* every(limits.heartbeatMs, heartbeat)
  yield* every(1_000, sweep)

  const hub: Hub = {
    lines,
    send,
    subscribe,
    unsubscribe,
    add: (line) => void lines.add(line),
    remove: (line) => {
      line.closed = true
      lines.delete(line)
      for (const reader of line.readers) take(reader)
      line.readers = []
    },
  }
  return hub
})
