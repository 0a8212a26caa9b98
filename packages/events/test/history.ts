import type { MediaItem, Network } from "@blink-streams/emulator/world/World"
import { NetworkId, type RecordedEvent, Seq } from "@blink-streams/model"
import { Effect, Exit, References, Schema, Scope, Stream, SubscriptionRef } from "effect"
import { firstLook, makeHousehold, pass, type Running, start, withTime } from "./household.ts"
import type { InProcessCloud } from "./inProcessCloud.ts"

const upTo = (most: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: most }))
const act = <const Name extends string, Fields extends Schema.Struct.Fields>(name: Name, fields: Fields) =>
  Schema.Struct({ act: Schema.Literal(name), afterSeconds: upTo(150), ...fields })

/** What may happen to a household, its cloud and its poller. */
const Step = Schema.Union([
  act("motion", {
    camera: upTo(5),
    source: Schema.Literals(["pir", "cv_motion", "button_press", "liveview", "snapshot"]),
    lateSeconds: upTo(90),
    partial: Schema.Boolean,
  }),
  act("watch", { clip: upTo(50) }),
  act("delete", { clip: upTo(50) }),
  /** Gone from every list without a word: only what nobody could have missed. */
  act("purge", { clip: upTo(50) }),
  act("rename", { camera: upTo(5) }),
  act("thumbnail", { camera: upTo(5) }),
  act("someone", { network: upTo(1) }),
  act("command", { network: upTo(1), name: Schema.Literals(["arm", "disarm"]) }),
  act("trouble", {
    kind: Schema.Literals(["503", "429", "html", "cut before", "cut after", "garbage", "slow"]),
    times: upTo(6),
  }),
  act("expire", {}),
  act("crash", {}),
])

export const History = Schema.Struct({
  seed: upTo(1000),
  skewSeconds: Schema.Literals([0, 7, 90]),
  latencyMs: Schema.Literals([20, 700, 4000]),
  pageSize: Schema.Literals([25, 500]),
  steps: Schema.Array(Step).check(Schema.isMaxLength(25)),
})
export type History = typeof History.Type

const troubles = {
  "503": { status: 503, body: "try later" },
  "429": { status: 429, body: { message: "Too many requests" } },
  html: { status: 403, body: "<html>The request could not be satisfied</html>" },
  "cut before": { drop: "before" },
  "cut after": { drop: "after" },
  garbage: { garbage: true },
  slow: { delay_ms: 9000 },
} as const

const nth = <A>(all: ReadonlyArray<A>, number: number) => all[number % all.length]

const carryOut = Effect.fnUntraced(function* (
  cloud: InProcessCloud,
  running: Running,
  step: History["steps"][number],
) {
  const { engine, orders } = cloud
  const { world } = engine
  const cameras = [...world.cameras.values()]
  const networks = [...world.networks.values()]
  const clips = [...world.media.values()].filter((item) => item.visibleAt <= engine.now && !item.purged)
  switch (step.act) {
    case "motion": {
      const { id, kind } = nth(cameras, step.camera)!
      orders.motion({
        camera: id,
        kind,
        source: step.source,
        publish_after_ms: step.lateSeconds * 1000,
        partial_first: step.partial,
      })
      return
    }
    case "watch":
    case "delete": {
      const clip = nth(clips.toReversed(), step.clip)
      const set = step.act === "watch" ? { watched: true } : { deleted: true }
      if (clip !== undefined) orders.media({ id: clip.id, set })
      return
    }
    case "purge": {
      const clip = nth(
        clips.filter((item) => item.createdAt < start && item.watchedAt === null && item.deletedAt === null),
        step.clip,
      )
      if (clip !== undefined) orders.media({ id: clip.id, set: { purged: true } })
      return
    }
    case "rename": {
      const { id, kind, name } = nth(cameras, step.camera)!
      orders.change({ camera: id, kind, set: { name: `${name}'` } })
      return
    }
    case "thumbnail": {
      const { id, kind } = nth(cameras, step.camera)!
      orders.change({ camera: id, kind, set: { thumbnail: true } })
      return
    }
    case "someone": {
      orders.change({ network: nth(networks, step.network)!.id, set: { armed: "toggle" } })
      return
    }
    case "command": {
      const network = NetworkId.make(nth(networks, step.network)!.id)
      yield* Effect.forkIn(
        Effect.exit(Stream.runDrain(running.home.run({ name: step.name, network }))),
        running.scope,
      )
      return
    }
    case "trouble": {
      if (step.times > 0)
        orders.fault({ match: { path: "/api/" }, times: step.times, do: troubles[step.kind] })
      return
    }
    case "expire": {
      orders.tokens("expire", { kind: "access" })
    }
  }
})

/** What had happened to a clip when it was first looked at. */
type Known = ReadonlyMap<number, { readonly watched: boolean; readonly deleted: boolean }>

/** What the log should hold of clips, by the world's own account: all that came after the first look. */
const truthOf = (items: Iterable<MediaItem>, known: Known): ReadonlyArray<string> =>
  [...items].flatMap((item) => {
    const before = known.get(item.id)
    const kinds = {
      motion: before === undefined && (item.source === "pir" || item.source === "cv_motion"),
      "doorbell.pressed": before === undefined && item.source === "button_press",
      "clip.added": before === undefined,
      "clip.watched": item.watchedAt !== null && before?.watched !== true,
      "clip.deleted": item.deletedAt !== null && before?.deleted !== true,
    }
    return Object.entries(kinds).flatMap(([kind, told]) => (told ? [`${kind}:${item.id}`] : []))
  })

/** Which of `settled` an arm state was, whole seconds, from the world's own record. */
const wasArmed = (network: Network, first: boolean, settled: boolean, from: number, to: number): boolean => {
  const changes = network.events.filter(({ type }) => type === "armed" || type === "disarmed")
  const before = changes.findLast(({ createdAt }) => createdAt <= from)
  const at = before === undefined ? first : before.type === "armed"
  return (
    at === settled ||
    changes.some(
      ({ type, createdAt }) => (type === "armed") === settled && createdAt > from && createdAt <= to,
    )
  )
}

const complaintsAbout = (
  cloud: InProcessCloud,
  events: ReadonlyArray<RecordedEvent>,
  known: Known,
  firstArmed: ReadonlyMap<number, boolean>,
): ReadonlyArray<string> => {
  const told = events
    .map(({ event }) => String(event.id))
    .filter((id) => /^(motion|doorbell\.pressed|clip\.(added|watched|deleted)):/.test(id))
  const truth = new Set(truthOf(cloud.engine.world.media.values(), known))
  const seen = new Set(told)
  const complaints = [
    ...[...truth].filter((id) => !seen.has(id)).map((id) => `missing ${id}`),
    ...told.filter((id) => !truth.has(id)).map((id) => `invented ${id}`),
    ...(told.length === seen.size ? [] : ["told twice"]),
    ...events.filter(({ seq }, index) => seq !== index + 1).map(({ seq }) => `place ${seq} is not dense`),
  ]
  for (const network of cloud.engine.world.networks.values()) {
    const first = firstArmed.get(network.id) === true
    let before: string = first ? "armed" : "disarmed"
    for (const { event } of events) {
      if (event.kind !== "arm.changed" || event.subject.network !== network.id) continue
      const { from, to } = event.data
      if (from !== before) complaints.push(`${event.id} goes from ${from}, not ${before}`)
      before = to
      const at = Date.parse(event.observedAt)
      if ((to === "armed" || to === "disarmed") && !wasArmed(network, first, to === "armed", at - 40_000, at))
        complaints.push(`${event.id} says ${to}, which it was not`)
    }
    if (before !== (network.armed ? "armed" : "disarmed"))
      complaints.push(`network ${network.id} ends ${before}, but armed is ${network.armed}`)
  }
  return complaints
}

/** A renewal of the session is not given up half-way: the end waits for it, and it for the clock. */
const end = ({ scope }: Running) => withTime(Scope.close(scope, Exit.void))

/** Lives through a history, lets it come to rest, and answers what the log got wrong. */
export const livedThrough = Effect.fnUntraced(
  function* (history: History) {
    let requests = history.seed
    const { cloud, run } = yield* makeHousehold({
      seed: history.seed,
      // Spread out, but the same in each run.
      latencyMs: () =>
        Math.floor((((requests++ * 2_654_435_761) % 4_294_967_296) / 4_294_967_296) * history.latencyMs),
      settings: { deviceClockSkewMs: history.skewSeconds * 1000, mediaPageSize: history.pageSize },
    })
    let running = yield* run
    const read: Array<number> = []
    const follow = () =>
      running.log.follow(Seq.make(read.at(-1) ?? 0)).pipe(
        Stream.runForEach(({ seq }) => Effect.sync(() => read.push(seq))),
        Effect.forkIn(running.scope),
      )
    yield* follow()
    yield* firstLook(running)
    const known = new Map(
      [...cloud.engine.world.media.values()].map((item) => [
        item.id,
        { watched: item.watchedAt !== null, deleted: item.deletedAt !== null },
      ]),
    )
    const firstArmed = new Map([...cloud.engine.world.networks.values()].map(({ id, armed }) => [id, armed]))
    for (const step of history.steps) {
      yield* pass(step.afterSeconds)
      if (step.act === "crash") {
        yield* end(running)
        running = yield* run
        yield* follow()
      } else yield* carryOut(cloud, running, step)
    }
    // Rest: all faults gone, all uploads done, all waits over, and two good looks of every source after that.
    cloud.engine.removeFault(null)
    yield* pass(120)
    const restedAt = cloud.engine.now
    for (let minutes = 0; minutes < 180; minutes += 2) {
      yield* pass(120)
      const { sources } = yield* SubscriptionRef.get(running.home.state)
      if (
        Object.values(sources).every(
          ({ state, lastOkAt }) => state === "ok" && Date.parse(lastOkAt ?? "") > restedAt + 120_000,
        )
      )
        break
    }
    const events = yield* running.log.read(Seq.make(0), 100_000)
    const complaints = complaintsAbout(cloud, events, known, firstArmed)
    const readWrong =
      read.length === events.length && read.every((seq, index) => seq === index + 1)
        ? []
        : ["a resumed reader missed or repeated"]
    yield* end(running)
    return [...complaints, ...readWrong]
  },
  Effect.scoped,
  Effect.provideService(References.MinimumLogLevel, "None"),
)
