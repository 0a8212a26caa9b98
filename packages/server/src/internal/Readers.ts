import type { EventLog, LogChange } from "@blink-streams/events/EventLog"
import { Seq } from "@blink-streams/model"
import type { Subscribe } from "@blink-streams/protocol/ClientMessage"
import type { Resume, ServerMessage } from "@blink-streams/protocol/ServerMessage"
import { Effect, FiberSet, Random } from "effect"
import type { MediaAddress } from "../MediaAddress.ts"
import { textFrames } from "./frames.ts"
import type { Line, Reader } from "./Line.ts"
import type { LineWriter } from "./lineWriter.ts"
import { makeLogPages } from "./LogPages.ts"
import { Outgoing, Shape } from "./Shape.ts"
import type { Cut } from "./snapshotBody.ts"
import type { Stats } from "./Stats.ts"

export interface ReadersOptions {
  readonly log: EventLog["Service"]
  readonly media: MediaAddress
  readonly stats: Stats
  readonly writer: LineWriter
  readonly now: () => number
  snapshotOf(line: Line, request: Subscribe, cut: Cut, resume: Resume, replayed: number): ServerMessage
  /** All of a peer's readers have caught up. */
  onCaughtUp(line: Line): void
}

/** Who reads where: those at the newest place get each batch as it comes, the others are served from the log. */
interface Readers {
  /** The newest place that was told. */
  readonly seq: () => Seq
  publish(change: LogChange): void
  /** The log has got further without the feed. */
  skipTo(newest: Seq): void
  /** Answers the request and starts serving it. */
  readonly subscribe: (line: Line, request: Subscribe) => Effect.Effect<void>
  readonly unsubscribe: (line: Line, id: string) => void
  /** The peer has taken everything that waited. */
  goOn(line: Line): void
  removeAll(line: Line): void
}

/** When to come back to a log that can't be read: all of its peers do. */
const comeBackMs = { least: 2_000, most: 10_000 }

export const makeReaders = Effect.fnUntraced(function* (options: ReadersOptions) {
  const { log, media, stats, now, writer } = options
  const run = yield* FiberSet.makeRuntime<never, void, never>()
  const pageOf = yield* makeLogPages(log, media, now)
  /** Readers at the newest place, by what they get. */
  const shapes = new Map<string, { readonly shape: Shape; readonly readers: Set<Reader> }>()
  /** Readers that know more than was told yet: their snapshot was cut before its batch came here. */
  const ahead = new Set<Reader>()
  let seq = (yield* Effect.orDie(log.bounds)).newest

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
    options.onCaughtUp(line)
  }

  /** From here on the log is this reader's queue; nothing is kept for it. */
  const fallBehind = (reader: Reader, at: Seq) => {
    take(reader)
    reader.mode = "log"
    reader.sent = at
    reader.replayedUntil = Number.POSITIVE_INFINITY
    pump(reader)
  }

  const meetThoseAhead = () => {
    for (const reader of ahead)
      if (reader.sent <= seq) {
        ahead.delete(reader)
        pump(reader)
      }
  }

  const tellShape = (readers: ReadonlySet<Reader>, texts: ReadonlyArray<string>) => {
    if (texts.length === 0) return
    const together = textFrames(texts)
    for (const reader of readers) {
      writer.write(reader.line, together)
      stats.frames += texts.length
      if (reader.line.stuck !== null) fallBehind(reader, seq)
    }
  }

  const publish = ({ events, seq: newest }: LogChange) => {
    if (events.length === 0) return
    const from = seq
    seq = newest
    stats.events += events.length
    const at = now()
    const outgoing = events.map(
      ({ seq, event }) => new Outgoing(media, at, seq, JSON.stringify(event), event),
    )
    const continues = events[0]?.seq === from + 1
    for (const { shape, readers } of shapes.values())
      if (continues)
        tellShape(
          readers,
          shape.frames(outgoing, log.epoch, () => false),
        )
      else for (const reader of readers) fallBehind(reader, from)
    meetThoseAhead()
  }

  /** Tells a reader that a part of the log is gone, and puts it on firm ground again. */
  const startOver = (reader: Reader, reason: "cursor_expired" | "slow_consumer" | "restart", from: Seq) =>
    Effect.map(Effect.orDie(log.cut), (cut) => {
      const { line } = reader
      // The peer may have gone meanwhile, or its subscription ended.
      if (!line.readers.includes(reader)) return
      line.outlet.cork()
      for (const request of reader.subscriptions) {
        stats.gaps += 1
        const { id } = request
        writer.send(line, { type: "gap", id, from, to: cut.seq, reason, action: "snapshot_follows" })
        writer.send(line, options.snapshotOf(line, request, cut, "cannot_replay", 0))
      }
      line.outlet.uncork()
      reader.sent = cut.seq
      reader.replayedUntil = cut.seq
    })

  /** One page further. */
  const serve = (reader: Reader) =>
    Effect.gen(function* () {
      const { line, shape } = reader
      const page = yield* pageOf(reader)
      // A subscription may have ended meanwhile; then these frames still name it. Or others have filled the socket.
      if (reader.shape !== shape || !line.readers.includes(reader) || line.stuck !== null) return
      for (const piece of page.pieces) writer.write(line, piece)
      stats.frames += page.frames
      reader.sent = page.last
      yield* Effect.yieldNow
    }).pipe(
      Effect.catchReason("LogError", "CursorExpired", () => startOver(reader, "slow_consumer", reader.sent)),
      Effect.catchTag("LogError", (error) =>
        Effect.gen(function* () {
          if (!reader.line.readers.includes(reader)) return
          yield* Effect.logError("the event log can't be read", error)
          const reconnectAfterMs = yield* Random.nextIntBetween(comeBackMs.least, comeBackMs.most)
          writer.send(reader.line, { type: "shutdown", reconnectAfterMs })
          reader.line.outlet.close(1001, "the event log can't be read")
          removeAll(reader.line)
        }),
      ),
    )

  const serveUntilLive = Effect.fnUntraced(function* (reader: Reader) {
    while (reader.mode === "log" && reader.line.readers.includes(reader) && reader.line.stuck === null) {
      if (reader.sent < seq) yield* serve(reader)
      else if (reader.sent === seq) makeLive(reader)
      else {
        ahead.add(reader)
        break
      }
    }
  })

  const pump = (reader: Reader) => {
    if (reader.pumping) return
    reader.pumping = true
    const done = Effect.sync(() => {
      reader.pumping = false
    })
    run(Effect.ensuring(serveUntilLive(reader), done))
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
    writer.send(
      line,
      request.snapshot === "none"
        ? { type: "subscribed", id, epoch: cut.epoch, seq: cut.seq, resume, replayed }
        : options.snapshotOf(line, request, cut, resume, replayed),
    )
    pump(reader)
  })

  const unsubscribe = (line: Line, id: string) => {
    for (const reader of line.readers) {
      if (!reader.subscriptions.some((subscription) => subscription.id === id)) continue
      const rest = reader.subscriptions.filter((subscription) => subscription.id !== id)
      take(reader)
      if (rest.length === 0) {
        line.readers = line.readers.filter((known) => known !== reader)
        continue
      }
      reader.subscriptions = rest
      reader.shape = new Shape(line.grant, rest)
      if (reader.mode === "live") place(reader)
      else pump(reader)
    }
  }

  const removeAll = (line: Line) => {
    for (const reader of line.readers) take(reader)
    line.readers = []
  }

  const readers: Readers = {
    publish,
    subscribe,
    unsubscribe,
    removeAll,
    seq: () => seq,
    goOn: (line) => {
      for (const reader of line.readers) if (reader.mode === "log") pump(reader)
    },
    skipTo: (newest) => {
      if (newest <= seq) return
      const from = seq
      seq = newest
      for (const { readers } of shapes.values()) for (const reader of readers) fallBehind(reader, from)
      meetThoseAhead()
    },
  }
  return readers
})
