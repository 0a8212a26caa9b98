import { reassignClipIds } from "../../emulator/src/internal/world/media.ts"
import { addProgram } from "../../emulator/src/internal/world/programs.ts"
import { NetworkId, type RecordedEvent, Seq } from "@blink-streams/model"
import { DateTime, Effect, Exit, Schema, Scope, Stream, SubscriptionRef } from "effect"
import {
  untilFirstPoll,
  type TestSetup,
  makeTestSetup,
  advance,
  withoutLogs,
  type RunningMonitor,
  withClock,
} from "./testSetup.ts"
import {
  captureBaseline,
  type WorldBaseline,
  logErrors,
  type ManualChange,
  isEmitted,
  stateErrors,
} from "./verifyLog.ts"

const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: maximum }))
const act = <const Name extends string, Fields extends Schema.Struct.Fields>(name: Name, fields: Fields) =>
  Schema.Struct({ act: Schema.Literal(name), afterSeconds: upTo(150), ...fields })

/** Changes to an account, its cloud and its monitor. */
const Step = Schema.Union([
  act("motion", {
    camera: upTo(5),
    source: Schema.Literals(["pir", "cv_motion", "button_press", "liveview", "snapshot"]),
    lateSeconds: upTo(90),
    partial: Schema.Boolean,
    /** All in one second, at one camera after the other: more than a page of some lists. */
    clips: Schema.Literals([1, 2, 30]),
  }),
  act("watch", { clip: upTo(50) }),
  act("delete", { clip: upTo(50) }),
  /** The clip disappears from every list without a trace, after its events were emitted. */
  act("purge", { clip: upTo(50) }),
  act("rename", { camera: upTo(5) }),
  act("thumbnail", { camera: upTo(5) }),
  act("external", { network: upTo(1) }),
  act("schedule", { network: upTo(1), action: Schema.Literals(["arm", "disarm"]), minutes: upTo(4) }),
  act("command", { network: upTo(1), name: Schema.Literals(["arm", "disarm"]) }),
  act("trouble", {
    kind: Schema.Literals(["503", "429", "html", "drop before", "drop after", "garbage", "slow"]),
    times: upTo(6),
  }),
  /** No request succeeds for this long. */
  act("outage", { seconds: upTo(900) }),
  /** From now on one request in this many fails; 0 ends it. */
  act("flaky", { oneIn: Schema.Literals([0, 3, 10]) }),
  act("expire", { how: Schema.Literals(["expire", "revoke"]) }),
  /** This many writes find the disk full. */
  act("disk", { times: upTo(9) }),
  /** From now on each write takes this long. */
  act("slow disk", { millis: Schema.Literals([0, 100, 1500]) }),
  /** The sync modules renumber the clips on their USB storage. */
  act("hubs restart", {}),
  /** The process ends at any point and starts again after a while. */
  act("crash", { downSeconds: Schema.Literals([0, 30, 1500]) }),
])

export const History = Schema.Struct({
  seed: upTo(1000),
  dialect: Schema.Literals(["oauth", "legacy"]),
  /** Polls the USB storage as well, which the legacy API does not have. */
  usbStorage: Schema.Boolean,
  /** Offset of the cloud's clock. */
  aheadSeconds: Schema.Literals([0, -400, 4000]),
  skewSeconds: Schema.Literals([0, 7, 90]),
  latencyMs: Schema.Literals([20, 700, 4000]),
  pageSize: Schema.Literals([25, 500]),
  /** Age of the oldest clips that become history, of those of six days. */
  historyDays: Schema.Literals([0, 3, 30]),
  /** The process ends during its first poll, after this time, and starts again; 0: it does not. */
  firstRunMs: Schema.Literals([0, 150, 2_000, 9_000]),
  steps: Schema.Array(Step).check(Schema.isMaxLength(25)),
})
export type History = typeof History.Type

const faults = {
  "503": { status: 503, body: "try later" },
  "429": { status: 429, body: { message: "Too many requests" } },
  html: { status: 403, body: "<html>The request could not be satisfied</html>" },
  "drop before": { drop: "before" },
  "drop after": { drop: "after" },
  garbage: { garbage: true },
  slow: { delay_ms: 9000 },
} as const

const nth = <A>(all: ReadonlyArray<A>, number: number) => all[number % all.length]

interface Run {
  readonly dialect: History["dialect"]
  readonly usbStorage: boolean
  readonly baseline: WorldBaseline
  readonly events: ReadonlyArray<RecordedEvent>
  /** Changes of arming by a person. */
  readonly manualChanges: Array<ManualChange>
  /** Arm commands that this run of the process was given. */
  readonly commands: Array<ManualChange>
}

/** Commands that a full disk kept out of the log. After the end of their process they count as external changes. */
const lostCommands = ({ aheadMs }: TestSetup["cloud"], { commands, events }: Run) =>
  commands.filter(
    ({ network, at }) =>
      !events.some(
        ({ event }) =>
          event.kind === "command.progress" &&
          event.subject.network === network &&
          Date.parse(event.observedAt) + aheadMs >= at,
      ),
  )

const applyStep = Effect.fnUntraced(function* (
  { cloud, disk }: TestSetup,
  running: RunningMonitor,
  step: History["steps"][number],
  { baseline, dialect, usbStorage, events, manualChanges, commands }: Run,
) {
  const { engine, control } = cloud
  const { world } = engine
  const emitted = () => clips.filter((item) => isEmitted(item, { baseline, events, now: engine.now }))
  const cameras = [...world.cameras.values()]
  const networks = [...world.networks.values()]
  const clips = [...world.media.values()].filter((item) => item.visibleAt <= engine.now && !item.purged)
  switch (step.act) {
    case "motion": {
      for (let clip = 0; clip < step.clips; clip++) {
        const { id, kind } = nth(cameras, step.camera + clip)!
        control.motion({
          camera: id,
          kind,
          // A manifest has no source: clips without motion would count as motion when USB storage is polled first.
          source: usbStorage ? "pir" : step.source,
          publish_after_ms: step.lateSeconds * 1000,
          partial_first: step.partial,
        })
      }
      return
    }
    case "watch":
    case "delete": {
      // The legacy list has no deleted clips: a deletion is a purge there.
      const from = step.act === "delete" && dialect === "legacy" ? emitted() : clips
      const clip = nth(from.toReversed(), step.clip)
      const set = step.act === "watch" ? { watched: true } : { deleted: true }
      if (clip !== undefined) control.media({ id: clip.id, set })
      return
    }
    case "purge": {
      const clip = nth(emitted(), step.clip)
      if (clip !== undefined) control.media({ id: clip.id, set: { purged: true } })
      return
    }
    case "rename": {
      const { id, kind, name } = nth(cameras, step.camera)!
      control.change({ camera: id, kind, set: { name: `${name}'` } })
      return
    }
    case "thumbnail": {
      const { id, kind } = nth(cameras, step.camera)!
      control.change({ camera: id, kind, set: { thumbnail: true } })
      return
    }
    case "external": {
      const { id } = nth(networks, step.network)!
      control.change({ network: id, set: { armed: "toggle" } })
      manualChanges.push({ network: id, at: engine.now })
      return
    }
    case "schedule": {
      const at = DateTime.makeUnsafe(engine.now + step.minutes * 60_000)
      const time = `1970-01-01 ${DateTime.formatIso(at).slice(11, 16)}:00 +0000`
      const dow = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
      addProgram(world, nth(networks, step.network)!, engine.now, {
        name: "Schedule",
        schedule: [{ dow, devices: [], time, action: step.action }],
      })
      return
    }
    case "command": {
      const network = NetworkId.make(nth(networks, step.network)!.id)
      commands.push({ network, at: engine.now })
      yield* Effect.forkIn(
        Effect.exit(Stream.runDrain(running.monitor.command({ name: step.name, network }))),
        running.scope,
      )
      return
    }
    case "trouble": {
      if (step.times > 0)
        control.fault({ match: { path: "/api/" }, times: step.times, do: faults[step.kind] })
      return
    }
    case "outage": {
      control.fault({ do: { drop: "before" } })
      yield* advance(step.seconds)
      cloud.engine.removeFault(null)
      return
    }
    case "expire": {
      // A session of the legacy API cannot be renewed: it would wait for a person.
      if (dialect === "oauth") control.tokens(step.how, { kind: "access" })
      return
    }
    case "disk": {
      disk.failNext(step.times)
      return
    }
    case "flaky": {
      cloud.engine.removeFault(null)
      if (step.oneIn > 0)
        control.fault({ match: { path: "/api/" }, probability: 1 / step.oneIn, do: { drop: "after" } })
      return
    }
    case "slow disk": {
      disk.delayWrites(step.millis)
      return
    }
    case "hubs restart": {
      for (const { syncModule } of networks)
        if (syncModule?.storage) reassignClipIds(world, syncModule.storage)
    }
  }
})

/** The renewal of a session is not interrupted: the monitor stops after it, which takes time on the clock. */
const stop = ({ scope }: RunningMonitor) => withClock(Scope.close(scope, Exit.void))

/** Runs a history, waits until it has settled, and returns what is wrong in the log. */
export const runHistory = Effect.fnUntraced(
  function* (history: History) {
    let requests = history.seed
    const { dialect } = history
    const usbStorage = history.usbStorage && dialect === "oauth"
    // Copies on USB storage are counted, so all of their originals are history or none is.
    const historyDays = usbStorage && history.historyDays > 0 ? 30 : history.historyDays
    const historyMs = historyDays * 86_400_000
    const setup = yield* makeTestSetup({
      seed: history.seed,
      dialect,
      usbStorage,
      history: historyMs,
      aheadMs: history.aheadSeconds * 1000,
      // Distributed evenly, but the same in each run.
      latencyMs: () =>
        Math.floor((((requests++ * 2_654_435_761) % 4_294_967_296) / 4_294_967_296) * history.latencyMs),
      settings: {
        deviceClockSkewMs: history.skewSeconds * 1000,
        mediaPageSize: history.pageSize,
        ...(dialect === "legacy" ? { secondFactor: "off" } : {}),
      },
    })
    const { cloud, disk, run, signIn } = setup
    // With USB storage, a restart may list the copies first, which have no source: presses would count as motion.
    if (history.firstRunMs > 0 && !usbStorage) {
      const first = yield* run
      yield* advance(history.firstRunMs / 1000)
      yield* stop(first)
    }
    let running = yield* run
    const read: Array<number> = []
    const follow = () =>
      running.log.follow(Seq.make(read.at(-1) ?? 0)).pipe(
        Stream.runForEach(({ seq }) => Effect.sync(() => read.push(seq))),
        Effect.forkIn(running.scope),
      )
    yield* follow()
    yield* untilFirstPoll(running)
    // The sync modules are polled in turn.
    if (usbStorage) for (let minute = 0; minute < 5; minute++) yield* advance(60)
    const baseline = captureBaseline(cloud, historyMs)
    const events: Array<RecordedEvent> = []
    const manualChanges: Array<ManualChange> = []
    const commands: Array<ManualChange> = []
    const context: Run = { dialect, usbStorage, baseline, events, manualChanges, commands }
    const errors: Array<string> = []
    const check = Effect.gen(function* () {
      events.push(...(yield* running.log.read(Seq.make(events.length), 100_000)))
      errors.push(...stateErrors(cloud, yield* SubscriptionRef.get(running.monitor.state), events, baseline))
    })
    for (const step of history.steps) {
      yield* advance(step.afterSeconds)
      yield* check
      if (step.act === "crash") {
        manualChanges.push(...lostCommands(cloud, context))
        commands.length = 0
        yield* stop(running)
        yield* advance(step.downSeconds)
        running = yield* run
        yield* follow()
      } else yield* applyStep(setup, running, step, context)
    }
    // Settle: no faults, all uploads and delays over, and two successful polls of every source after that.
    cloud.engine.removeFault(null)
    disk.failNext(0)
    disk.delayWrites(0)
    yield* advance(120)
    yield* advance(180)
    const restedAt = cloud.engine.now - cloud.aheadMs
    for (let minutes = 0; minutes < 180; minutes += 2) {
      yield* advance(120)
      // A token that is revoked right after its renewal ends the session; only a sign-in starts another.
      const { state } = yield* SubscriptionRef.get(running.session.state)
      if (state === "blocked") yield* signIn(running.session)
      const { sources } = yield* SubscriptionRef.get(running.monitor.state)
      if (
        Object.values(sources).every(
          ({ state, lastOkAt }) => state === "ok" && Date.parse(lastOkAt ?? "") > restedAt + 120_000,
        )
      )
        break
    }
    yield* check
    errors.push(...logErrors(cloud, events, baseline, { dialect, usbStorage, manualChanges }))
    if (read.length !== events.length || !read.every((seq, index) => seq === index + 1))
      errors.push("a resumed reader missed or repeated")
    yield* stop(running)
    return errors
  },
  Effect.scoped,
  withoutLogs,
)
