import { Duration, Effect, type Exit, Fiber, PubSub, type Schema, Stream } from "effect"
import { BlinkApi } from "../BlinkApi.ts"
import { BlinkConfig } from "../BlinkConfig.ts"
import { type BlinkError, blinkError, NotVerified, OutcomeUnknown } from "../BlinkError.ts"
import type { CommandProgress, CommandStatus } from "../Commands.ts"
import { allEndpoints } from "../endpoints/catalog.ts"
import { NetworkQueue } from "../NetworkQueue.ts"
import type { Wish } from "../Wish.ts"
import { followCommand } from "./followCommand.ts"
import { cameraIn, goalOf } from "./goal.ts"
import { type Accepted, order } from "./orders.ts"

/** How long we wait before we ask a busy sync module again. */
const busyWaits = [3, 8, 15, 25].map(Duration.seconds)

/** When the home is looked at after a command: it may show the old state for a moment. */
const looks = [0, 1, 2, 4, 8].map(Duration.seconds)

/** A picture takes longer to appear than its command to complete. */
const pictureLooks = [1, 1, 2, 3, 5, 8].map(Duration.seconds)

/** Armed with no camera that listens: a success with a warning. */
const nobodyListens = 304

const patience = (wish: Wish): number =>
  Duration.toMillis(wish.name === "clip" ? "120 seconds" : "60 seconds")

type Step = { readonly progress: CommandProgress } | { readonly exit: Exit.Exit<void, BlinkError> }

interface Job {
  readonly key: string
  readonly steps: PubSub.PubSub<Step>
  fiber: Fiber.Fiber<void, BlinkError> | null
  watchers: number
  status: CommandStatus
  /** Its turn has come: from now on the request may be on its way. */
  isBegun: boolean
}

/** What a wish is about: two wishes for the same thing may contradict each other. */
const subjectOf = (wish: Wish): string => {
  if ("camera" in wish) return `${wish.network} ${wish.kind} ${wish.camera}`
  return wish.name === "deleteClip" ? `${wish.network} clip ${wish.args.clip}` : String(wish.network)
}

const unanswered: ReadonlySet<string> = new Set(["Unreachable", "CloudTrouble", "UnexpectedResponse"])
const calls: ReadonlySet<string> = new Set(allEndpoints.map(({ id }) => id))

/**
 * Whether an order may have arrived although its answer did not. What failed on the way to it, such as the renewal of the
 * token or a wait for the account, is no call: then nothing was ordered.
 */
const isAmbiguous = (error: BlinkError): boolean => unanswered.has(error.code) && calls.has(error.operation)

const unknown = (wish: Wish, what: string) => blinkError(wish.name, new OutcomeUnknown({ what }))

/** Commands of one account, each in a fiber of its own that outlives who waits for it. */
export const makeCommands = Effect.gen(function* () {
  const api = yield* BlinkApi
  const queue = yield* NetworkQueue
  const { dialect } = yield* BlinkConfig
  const scope = yield* Effect.scope
  /** The newest of each subject: an older one may be undone by what was wished since, so nobody joins it. */
  const jobs = new Map<string, Job>()

  const look = Effect.andThen(api.forget, api.snapshot)

  /** Looks until the goal shows; `false` when it does not. Looks that fail are looks that show nothing. */
  const reached = Effect.fnUntraced(function* (wish: Wish, waits: ReadonlyArray<Duration.Duration>) {
    const goal = goalOf(wish)
    if (goal === null) return null
    for (const wait of waits) {
      yield* Effect.sleep(wait)
      const seen = yield* Effect.option(look)
      if (seen._tag === "Some" && goal(seen.value)) return true
    }
    return false
  })

  /** Sends the order once. Only "busy" is asked again: then nothing was taken. */
  const send = Effect.fnUntraced(function* (wish: Wish) {
    const sending = order(api, dialect, wish)
    for (const wait of busyWaits) {
      const sent = yield* Effect.result(sending)
      if (sent._tag === "Success") return sent.success
      if (sent.failure.category !== "busy") return yield* sent.failure
      yield* Effect.sleep(Duration.max(wait, sent.failure.retryAfter))
    }
    return yield* sending
  })

  const pictureBefore = (wish: Wish) =>
    wish.name === "thumbnail"
      ? Effect.map(Effect.option(api.snapshot), (seen) =>
          seen._tag === "Some" ? (cameraIn(seen.value, wish)?.thumbnail?.url ?? null) : null,
        )
      : Effect.succeed(null)

  /** A camera that did not hear the command leaves the old picture: that is told, not taken for success. */
  const newPicture = Effect.fnUntraced(function* (wish: Wish, before: string | null) {
    let latest: { readonly url: string; readonly takenAt: string | null } | null = null
    for (const wait of pictureLooks) {
      yield* Effect.sleep(wait)
      const seen = yield* Effect.option(look)
      if (seen._tag === "Some") latest = cameraIn(seen.value, wish)?.thumbnail ?? null
      if (latest !== null && latest.url !== before) break
    }
    return {
      thumbnail: latest?.url ?? null,
      takenAt: latest?.takenAt ?? null,
      changed: latest !== null && latest.url !== before,
    }
  })

  /** Whether the home shows it although nobody said so; the value of it, or `null` when it does not. */
  const foundOut = Effect.fnUntraced(function* (
    wish: Wish,
    before: string | null,
    waits: ReadonlyArray<Duration.Duration>,
  ) {
    if (wish.name !== "thumbnail") return (yield* reached(wish, waits)) === true ? {} : null
    // Without a picture to compare with, a new one cannot be told.
    const seen = before === null ? null : yield* newPicture(wish, before)
    return seen?.changed === true ? seen : null
  })

  /** Whatever the cloud says, a command has succeeded when the home shows it. */
  const verify = Effect.fnUntraced(function* (wish: Wish) {
    const what = `${wish.name} does not show in it`
    const seen = yield* reached(wish, looks)
    return seen === false ? yield* blinkError(wish.name, new NotVerified({ what })) : seen
  })

  const carryOut = Effect.fnUntraced(function* (
    wish: Wish,
    tell: (status: CommandStatus, value?: Schema.Json) => Effect.Effect<void>,
  ) {
    const before = yield* pictureBefore(wish)
    const sent = yield* Effect.result(send(wish))
    if (sent._tag === "Failure") {
      // Never a second time: it may have been heard, or somebody else may have had the same wish.
      if (!isAmbiguous(sent.failure) && sent.failure.category !== "busy") return yield* sent.failure
      yield* tell("verifying")
      const found = yield* foundOut(wish, before, looks)
      if (found !== null) return yield* tell("done", found)
      return yield* isAmbiguous(sent.failure) ? unknown(wish, "its answer got lost") : sent.failure
    }
    const accepted: Accepted = sent.success
    yield* tell("accepted")
    const named: Record<string, Schema.Json> =
      accepted.id === null || accepted.id === undefined ? {} : { cloudCommandId: accepted.id }
    let mediaId: number | null = null
    const isOver = accepted.id === null || accepted.id === undefined || accepted.state_condition === "done"
    if (!isOver) {
      const followed = yield* Effect.result(
        followCommand(api, wish, accepted.id, patience(wish), tell("running")),
      )
      const verdict = followed._tag === "Success" ? followed.success : null
      if (verdict === null) {
        // That the cloud does not say how it went is no answer to whether it went well.
        if (followed._tag === "Failure" && followed.failure.reason._tag === "CommandFailed")
          return yield* followed.failure
        yield* tell("verifying")
        // After a minute without a verdict one look is enough; otherwise the work may still be under way.
        const waits = followed._tag === "Failure" ? looks : [Duration.zero]
        const found = yield* foundOut(wish, before, waits)
        if (found !== null) return yield* tell("done", { ...named, ...found })
        return yield* followed._tag === "Failure"
          ? followed.failure
          : unknown(wish, "the sync module gave no verdict in time")
      }
      mediaId = verdict.mediaId
    }
    yield* tell("verifying")
    if (wish.name === "thumbnail")
      return yield* tell("done", { ...named, ...(yield* newPicture(wish, before)) })
    yield* verify(wish)
    if (accepted.code === nobodyListens)
      return yield* tell("done", { ...named, warning: "No camera here records motion." })
    return yield* tell("done", mediaId === null ? named : { ...named, mediaId })
  })

  const start = Effect.fnUntraced(function* (key: string, wish: Wish) {
    const subject = subjectOf(wish)
    const commandId = yield* Effect.sync(() => crypto.randomUUID())
    const steps = yield* PubSub.unbounded<Step>({ replay: 16 })
    const raced = jobs.get(subject)
    if (raced?.key === key) return raced
    const job: Job = { key, steps, fiber: null, watchers: 0, status: "queued", isBegun: false }
    const forget = Effect.sync(() => {
      if (jobs.get(subject) === job) jobs.delete(subject)
    })
    const publish = (progress: CommandProgress) => Effect.asVoid(PubSub.publish(steps, { progress }))
    const tell = (status: CommandStatus, value?: Schema.Json) =>
      Effect.suspend(() => {
        // The cloud says "running" every second; once is enough.
        if (job.status === status) return Effect.void
        job.status = status
        return publish(value === undefined ? { commandId, status } : { commandId, status, value })
      })
    const begin = Effect.sync(() => {
      job.isBegun = true
    })
    const work = queue.turn(wish.network).pipe(
      Effect.andThen(begin),
      Effect.andThen(carryOut(wish, tell)),
      Effect.scoped,
      Effect.onExit((exit) => Effect.andThen(forget, PubSub.publish(steps, { exit }))),
      Effect.withSpan("Commands.run", { attributes: { wish: wish.name } }),
    )
    jobs.set(subject, job)
    yield* publish({ commandId, status: "queued" })
    job.fiber = yield* Effect.forkIn(work, scope)
    return job
  })

  /** A wish that still waits for its turn and that nobody waits for any more is dropped; one that was sent is not. */
  const leave = (subject: string, job: Job) =>
    Effect.suspend(() => {
      job.watchers -= 1
      if (job.watchers > 0 || job.isBegun || job.fiber === null) return Effect.void
      // From here on nobody may join it.
      if (jobs.get(subject) === job) jobs.delete(subject)
      return Fiber.interrupt(job.fiber)
    })

  const run = (wish: Wish): Stream.Stream<CommandProgress, BlinkError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const key = JSON.stringify(wish)
        const subject = subjectOf(wish)
        const newest = jobs.get(subject)
        const job = newest?.key === key ? newest : yield* start(key, wish)
        job.watchers += 1
        yield* Effect.addFinalizer(() => leave(subject, job))
        return Stream.fromPubSub(job.steps).pipe(
          Stream.takeUntil((step) => "exit" in step),
          Stream.mapEffect((step) =>
            "exit" in step ? Effect.as(step.exit, null) : Effect.succeed(step.progress),
          ),
          Stream.filter((progress) => progress !== null),
        )
      }),
    )

  return { run }
})
