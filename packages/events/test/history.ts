import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { Session } from "@blink-streams/core/Session"
import { household } from "@blink-streams/emulator/world/population"
import type { MediaItem, Network } from "@blink-streams/emulator/world/World"
import { EventLog } from "@blink-streams/events/EventLog"
import { Home } from "@blink-streams/events/Home"
import { NetworkId, type RecordedEvent, Seq } from "@blink-streams/model"
import {
  Context,
  Effect,
  Exit,
  Fiber,
  Layer,
  Redacted,
  References,
  Schema,
  Scope,
  Stream,
  SubscriptionRef,
} from "effect"
import { TestClock } from "effect/testing"
import { type InProcessCloud, makeInProcessCloud } from "./inProcessCloud.ts"
import { temporaryFile } from "./temporaryFile.ts"

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

const start = Date.UTC(2026, 2, 14, 6)

/** Lets what does not run on the test clock (promises of the platform) go on. */
const breathe = Effect.promise(() => new Promise<void>((resume) => setImmediate(resume)))
const pass = (seconds: number) => Effect.andThen(TestClock.adjust(seconds * 1000), breathe)

/** Runs something that waits for the clock, by moving it. */
const withTime = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  while (fiber.pollUnsafe() === undefined) yield* pass(1)
  return yield* Fiber.join(fiber)
})

const troubles = {
  "503": { status: 503, body: "try later" },
  "429": { status: 429, body: { message: "Too many requests" } },
  html: { status: 403, body: "<html>The request could not be satisfied</html>" },
  "cut before": { drop: "before" },
  "cut after": { drop: "after" },
  garbage: { garbage: true },
  slow: { delay_ms: 9000 },
} as const

interface Run {
  readonly scope: Scope.Closeable
  readonly log: EventLog["Service"]
  readonly home: Home["Service"]
}

const makeWorld = Effect.fnUntraced(function* (history: History) {
  yield* TestClock.setTime(start)
  let requests = history.seed
  const cloud = yield* makeInProcessCloud({
    seed: history.seed,
    // Spread out, but the same in each run.
    latencyMs: () =>
      Math.floor((((requests++ * 2_654_435_761) % 4_294_967_296) / 4_294_967_296) * history.latencyMs),
    settings: { deviceClockSkewMs: history.skewSeconds * 1000, mediaPageSize: history.pageSize },
  })
  const filename = yield* temporaryFile("log.sqlite")
  const store = yield* Layer.build(TokenStore.layerMemory)
  const account = BlinkAccount.layer({
    config: { apiUrl: "https://rest-{tier}.example.net", oauthUrl: "https://oauth.example.net" },
    store: Layer.succeedContext(store),
  }).pipe(Layer.provide(cloud.layer))

  yield* Effect.scoped(
    Effect.gen(function* () {
      const session = Context.get(yield* Layer.build(account), Session)
      const { email, password, pin } = household
      yield* withTime(session.signIn({ email, password: Redacted.make(password) }))
      yield* withTime(session.answerPin(Redacted.make(pin)))
    }),
  )

  const run = Effect.gen(function* () {
    const scope = yield* Scope.make()
    const layer = Layer.provideMerge(Home.layer(), Layer.merge(account, EventLog.layerSqlite({ filename })))
    const context = yield* withTime(Layer.buildWithScope(layer, scope))
    return { scope, log: Context.get(context, EventLog), home: Context.get(context, Home) }
  })
  return { cloud, run }
})

const carryOut = Effect.fnUntraced(function* (
  cloud: InProcessCloud,
  running: Run,
  step: History["steps"][number],
) {
  const { engine, orders } = cloud
  const { world } = engine
  const cameras = [...world.cameras.values()]
  const networks = [...world.networks.values()]
  const clips = [...world.media.values()].filter((item) => item.visibleAt <= engine.now && !item.purged)
  const nth = <A>(all: ReadonlyArray<A>, number: number) => all[number % all.length]
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

/** Lives through a history, lets it come to rest, and answers what the log got wrong. */
export const livedThrough = Effect.fnUntraced(
  function* (history: History) {
    const { cloud, run } = yield* makeWorld(history)
    let running = yield* run
    const read: Array<number> = []
    const follow = () =>
      running.log.follow(Seq.make(read.at(-1) ?? 0)).pipe(
        Stream.runForEach(({ seq }) => Effect.sync(() => read.push(seq))),
        Effect.forkIn(running.scope),
      )
    yield* follow()
    const looked = Effect.map(SubscriptionRef.get(running.home.state), ({ sources }) =>
      ["homescreen", "media"].every((source) => sources[source]?.state === "ok"),
    )
    while (!(yield* looked)) yield* pass(5)
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
        yield* Scope.close(running.scope, Exit.void)
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
    yield* Scope.close(running.scope, Exit.void)
    return [...complaints, ...readWrong]
  },
  Effect.scoped,
  Effect.provideService(References.MinimumLogLevel, "None"),
)
