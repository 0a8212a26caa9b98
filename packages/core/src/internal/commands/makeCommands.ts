import { Duration, Effect, type Exit, Fiber, PubSub, type Schema, Stream } from "effect"
import { BlinkApi } from "../../BlinkApi.ts"
import { BlinkConfig } from "../../BlinkConfig.ts"
import { type BlinkError, blinkError, NotVerified, OutcomeUnknown } from "../../BlinkError.ts"
import type { CommandProgress, CommandStatus } from "../../Commands.ts"
import { allEndpoints } from "../endpoints/catalog.ts"
import { NetworkQueue } from "../../NetworkQueue.ts"
import type { Command } from "../../Command.ts"
import { pollCommand } from "./pollCommand.ts"
import { findCamera, expectedState } from "./expectedState.ts"
import { type CommandReceipt, sendCommand } from "./commandRequest.ts"

/** How long we wait before we ask a busy sync module again. */
const busyRetryDelays = [3, 8, 15, 25].map(Duration.seconds)

/** When the home is looked at after a command: it may show the old state for a moment. */
const verifyDelays = [0, 1, 2, 4, 8].map(Duration.seconds)

/** A picture takes longer to appear than its command to complete. */
const thumbnailVerifyDelays = [1, 1, 2, 3, 5, 8].map(Duration.seconds)

/** Armed with no camera that listens: a success with a warning. */
const noCameraEnabled = 304

const timeoutMs = (command: Command): number =>
  Duration.toMillis(command.name === "clip" ? "120 seconds" : "60 seconds")

type JobEvent = { readonly progress: CommandProgress } | { readonly exit: Exit.Exit<void, BlinkError> }

interface Job {
  readonly key: string
  readonly jobEvents: PubSub.PubSub<JobEvent>
  fiber: Fiber.Fiber<void, BlinkError> | null
  subscriberCount: number
  status: CommandStatus
  /** Its turn has come: from now on the request may be on its way. */
  isStarted: boolean
}

/** What a wish is about: two wishes for the same thing may contradict each other. */
const conflictKey = (command: Command): string => {
  if ("camera" in command) return `${command.network} ${command.kind} ${command.camera}`
  return command.name === "deleteClip"
    ? `${command.network} clip ${command.args.clip}`
    : String(command.network)
}

const ambiguousReasons: ReadonlySet<string> = new Set(["Unreachable", "ServerError", "UnexpectedResponse"])
const endpointIds: ReadonlySet<string> = new Set(allEndpoints.map(({ id }) => id))

/**
 * Whether an order may have arrived although its answer did not. What failed on the way to it, such as the renewal of the
 * token or a wait for the account, is no call: then nothing was ordered.
 */
const isAmbiguous = (error: BlinkError): boolean =>
  ambiguousReasons.has(error.code) && endpointIds.has(error.operation)

const outcomeUnknown = (command: Command, detail: string) =>
  blinkError(command.name, new OutcomeUnknown({ detail }))

/** Commands of one account, each in a fiber of its own that outlives who waits for it. */
export const makeCommands = Effect.gen(function* () {
  const api = yield* BlinkApi
  const queue = yield* NetworkQueue
  const { dialect } = yield* BlinkConfig
  const scope = yield* Effect.scope
  /** The newest of each subject: an older one may be undone by what was wished since, so nobody joins it. */
  const jobs = new Map<string, Job>()

  const freshSnapshot = Effect.andThen(api.invalidate, api.snapshot)

  /** Looks until the goal shows; `false` when it does not. Looks that fail are looks that show nothing. */
  const waitForState = Effect.fnUntraced(function* (
    command: Command,
    delays: ReadonlyArray<Duration.Duration>,
  ) {
    const isExpected = expectedState(command)
    if (isExpected === null) return null
    for (const delay of delays) {
      yield* Effect.sleep(delay)
      const snapshot = yield* Effect.option(freshSnapshot)
      if (snapshot._tag === "Some" && isExpected(snapshot.value)) return true
    }
    return false
  })

  /** Sends the order once. Only "busy" is asked again: then nothing was taken. */
  const sendWithRetry = Effect.fnUntraced(function* (command: Command) {
    const request = sendCommand(api, dialect, command)
    for (const delay of busyRetryDelays) {
      const sent = yield* Effect.result(request)
      if (sent._tag === "Success") return sent.success
      if (sent.failure.category !== "busy") return yield* sent.failure
      yield* Effect.sleep(Duration.max(delay, sent.failure.retryAfter))
    }
    return yield* request
  })

  const currentThumbnail = (command: Command) =>
    command.name === "thumbnail"
      ? Effect.map(Effect.option(api.snapshot), (snapshot) =>
          snapshot._tag === "Some" ? (findCamera(snapshot.value, command)?.thumbnail?.url ?? null) : null,
        )
      : Effect.succeed(null)

  /** A camera that did not hear the command leaves the old picture: that is told, not taken for success. */
  const waitForThumbnail = Effect.fnUntraced(function* (command: Command, before: string | null) {
    let latest: { readonly url: string; readonly takenAt: string | null } | null = null
    for (const delay of thumbnailVerifyDelays) {
      yield* Effect.sleep(delay)
      const snapshot = yield* Effect.option(freshSnapshot)
      if (snapshot._tag === "Some") latest = findCamera(snapshot.value, command)?.thumbnail ?? null
      if (latest !== null && latest.url !== before) break
    }
    return {
      thumbnail: latest?.url ?? null,
      takenAt: latest?.takenAt ?? null,
      changed: latest !== null && latest.url !== before,
    }
  })

  /** Whether the home shows it although nobody said so; the value of it, or `null` when it does not. */
  const confirmByState = Effect.fnUntraced(function* (
    command: Command,
    before: string | null,
    delays: ReadonlyArray<Duration.Duration>,
  ) {
    if (command.name !== "thumbnail") return (yield* waitForState(command, delays)) === true ? {} : null
    // Without a picture to compare with, a new one cannot be told.
    const thumbnail = before === null ? null : yield* waitForThumbnail(command, before)
    return thumbnail?.changed === true ? thumbnail : null
  })

  /** Whatever the cloud says, a command has succeeded when the home shows it. */
  const verify = Effect.fnUntraced(function* (command: Command) {
    const detail = `${command.name} does not show in it`
    const verified = yield* waitForState(command, verifyDelays)
    return verified === false ? yield* blinkError(command.name, new NotVerified({ detail })) : verified
  })

  const execute = Effect.fnUntraced(function* (
    command: Command,
    report: (status: CommandStatus, value?: Schema.Json) => Effect.Effect<void>,
  ) {
    const before = yield* currentThumbnail(command)
    const sent = yield* Effect.result(sendWithRetry(command))
    if (sent._tag === "Failure") {
      // Never a second time: it may have been heard, or somebody else may have had the same wish.
      if (!isAmbiguous(sent.failure) && sent.failure.category !== "busy") return yield* sent.failure
      yield* report("verifying")
      const confirmed = yield* confirmByState(command, before, verifyDelays)
      if (confirmed !== null) return yield* report("done", confirmed)
      return yield* isAmbiguous(sent.failure) ? outcomeUnknown(command, "its answer got lost") : sent.failure
    }
    const accepted: CommandReceipt = sent.success
    yield* report("accepted")
    const receiptValue: Record<string, Schema.Json> =
      accepted.id === null || accepted.id === undefined ? {} : { cloudCommandId: accepted.id }
    let mediaId: number | null = null
    const isComplete =
      accepted.id === null || accepted.id === undefined || accepted.state_condition === "done"
    if (!isComplete) {
      const polled = yield* Effect.result(
        pollCommand(api, command, accepted.id, timeoutMs(command), report("running")),
      )
      const outcome = polled._tag === "Success" ? polled.success : null
      if (outcome === null) {
        // That the cloud does not say how it went is no answer to whether it went well.
        if (polled._tag === "Failure" && polled.failure.reason._tag === "CommandFailed")
          return yield* polled.failure
        yield* report("verifying")
        // After a minute without a verdict one look is enough; otherwise the work may still be under way.
        const delays = polled._tag === "Failure" ? verifyDelays : [Duration.zero]
        const confirmed = yield* confirmByState(command, before, delays)
        if (confirmed !== null) return yield* report("done", { ...receiptValue, ...confirmed })
        return yield* polled._tag === "Failure"
          ? polled.failure
          : outcomeUnknown(command, "the sync module gave no verdict in time")
      }
      mediaId = outcome.mediaId
    }
    yield* report("verifying")
    if (command.name === "thumbnail")
      return yield* report("done", { ...receiptValue, ...(yield* waitForThumbnail(command, before)) })
    yield* verify(command)
    if (accepted.code === noCameraEnabled)
      return yield* report("done", { ...receiptValue, warning: "No camera here records motion." })
    return yield* report("done", mediaId === null ? receiptValue : { ...receiptValue, mediaId })
  })

  const start = Effect.fnUntraced(function* (key: string, command: Command) {
    const conflict = conflictKey(command)
    const commandId = yield* Effect.sync(() => crypto.randomUUID())
    const jobEvents = yield* PubSub.unbounded<JobEvent>({ replay: 16 })
    const concurrent = jobs.get(conflict)
    if (concurrent?.key === key) return concurrent
    const job: Job = { key, jobEvents, fiber: null, subscriberCount: 0, status: "queued", isStarted: false }
    const removeJob = Effect.sync(() => {
      if (jobs.get(conflict) === job) jobs.delete(conflict)
    })
    const publish = (progress: CommandProgress) => Effect.asVoid(PubSub.publish(jobEvents, { progress }))
    const report = (status: CommandStatus, value?: Schema.Json) =>
      Effect.suspend(() => {
        // The cloud says "running" every second; once is enough.
        if (job.status === status) return Effect.void
        job.status = status
        return publish(value === undefined ? { commandId, status } : { commandId, status, value })
      })
    const markStarted = Effect.sync(() => {
      job.isStarted = true
    })
    const workflow = queue.acquire(command.network).pipe(
      Effect.andThen(markStarted),
      Effect.andThen(execute(command, report)),
      Effect.scoped,
      Effect.onExit((exit) => Effect.andThen(removeJob, PubSub.publish(jobEvents, { exit }))),
      Effect.withSpan("Commands.run", { attributes: { command: command.name } }),
    )
    jobs.set(conflict, job)
    yield* publish({ commandId, status: "queued" })
    job.fiber = yield* Effect.forkIn(workflow, scope)
    return job
  })

  /** A wish that still waits for its turn and that nobody waits for any more is dropped; one that was sent is not. */
  const unsubscribe = (conflict: string, job: Job) =>
    Effect.suspend(() => {
      job.subscriberCount -= 1
      if (job.subscriberCount > 0 || job.isStarted || job.fiber === null) return Effect.void
      // From here on nobody may join it.
      if (jobs.get(conflict) === job) jobs.delete(conflict)
      return Fiber.interrupt(job.fiber)
    })

  const run = (command: Command): Stream.Stream<CommandProgress, BlinkError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const key = JSON.stringify(command)
        const conflict = conflictKey(command)
        const newestJob = jobs.get(conflict)
        const job = newestJob?.key === key ? newestJob : yield* start(key, command)
        job.subscriberCount += 1
        yield* Effect.addFinalizer(() => unsubscribe(conflict, job))
        return Stream.fromPubSub(job.jobEvents).pipe(
          Stream.takeUntil((jobEvent) => "exit" in jobEvent),
          Stream.mapEffect((jobEvent) =>
            "exit" in jobEvent ? Effect.as(jobEvent.exit, null) : Effect.succeed(jobEvent.progress),
          ),
          Stream.filter((progress) => progress !== null),
        )
      }),
    )

  return { run }
})
