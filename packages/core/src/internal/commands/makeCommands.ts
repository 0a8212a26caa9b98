import { Duration, Effect, type Exit, Fiber, PubSub, type Schema, Stream } from "effect"
import { BlinkApi } from "../../BlinkApi.ts"
import { BlinkConfig } from "../../BlinkConfig.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import { NetworkQueue } from "../../NetworkQueue.ts"
import type { Command } from "../../Command.ts"
import { pollCommand } from "./pollCommand.ts"
import { findCamera, expectedState } from "./expectedState.ts"
import { type CommandReceipt, sendCommand } from "./commandRequest.ts"
import { NotVerified, OutcomeUnknown, type Reason } from "../../Reason.ts"
import type { CommandProgress, CommandStatus } from "../../CommandProgress.ts"
import { busyRetryDelays, thumbnailVerifyDelays, verifyDelays } from "../rateLimit/retryPolicy.ts"

/** Armed, but no camera has motion detection enabled: success with a warning. */
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
  /** Set when the queue has reached this job: the request may be sent from then on. */
  isStarted: boolean
}

/** Key of the target of a command. Commands with the same key may contradict each other. */
const conflictKey = (command: Command): string => {
  if ("camera" in command) return `${command.network} ${command.kind} ${command.camera}`
  return command.name === "deleteClip"
    ? `${command.network} clip ${command.args.clip}`
    : String(command.network)
}

const ambiguousReasons: ReadonlySet<Reason["_tag"]> = new Set([
  "Unreachable",
  "ServerError",
  "UnexpectedResponse",
])

/** True when a command may have arrived although its response did not, or says nothing about the command. */
const isAmbiguous = ({ sent, code }: BlinkError): boolean => sent !== "no" && ambiguousReasons.has(code)

/** Commands of one account. Each runs in its own fiber, independent of its subscribers. */
export const makeCommands = Effect.gen(function* () {
  const api = yield* BlinkApi
  const queue = yield* NetworkQueue
  const { dialect } = yield* BlinkConfig
  const scope = yield* Effect.scope
  /**
   * Newest job of each target. Only this one is joined, because an older one may be contradicted by a newer
   * command.
   */
  const jobs = new Map<string, Job>()

  const freshSnapshot = Effect.andThen(api.invalidate, api.snapshot)

  /**
   * Polls snapshots until the expected state shows. Returns false when it does not, null when snapshots
   * cannot show it. A failed snapshot counts as unconfirmed.
   */
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

  /** Sends the command, and again only while the module is busy, which means that it was not accepted. */
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

  /**
   * Polls until the thumbnail changes. `changed` is false when the camera missed the command and the old one
   * remains.
   */
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

  /**
   * Derives the outcome from snapshots when the cloud did not report it. Returns the value of `done`, or
   * `null` when the new state does not show.
   */
  const confirmByState = Effect.fnUntraced(function* (
    command: Command,
    before: string | null,
    delays: ReadonlyArray<Duration.Duration>,
  ) {
    if (command.name !== "thumbnail") return (yield* waitForState(command, delays)) === true ? {} : null
    // A new thumbnail can be recognised only by comparison with the previous one.
    const thumbnail = before === null ? null : yield* waitForThumbnail(command, before)
    return thumbnail?.changed === true ? thumbnail : null
  })

  /** Confirms the command by snapshots, whatever outcome the cloud reported. */
  const verify = Effect.fnUntraced(function* (command: Command) {
    const detail = `the snapshots do not show ${command.name}`
    const verified = yield* waitForState(command, verifyDelays)
    return verified === false ? yield* blinkError(command.name, new NotVerified({ detail }), "yes") : verified
  })

  const execute = Effect.fnUntraced(function* (
    command: Command,
    report: (status: CommandStatus, value?: Schema.Json) => Effect.Effect<void>,
  ) {
    const before = yield* currentThumbnail(command)
    const sent = yield* Effect.result(sendWithRetry(command))
    if (sent._tag === "Failure") {
      // Not sent again: the command may have been executed, or another client may have sent the same.
      if (!isAmbiguous(sent.failure) && sent.failure.category !== "busy") return yield* sent.failure
      yield* report("verifying")
      const confirmed = yield* confirmByState(command, before, verifyDelays)
      if (confirmed !== null) return yield* report("done", confirmed)
      return yield* isAmbiguous(sent.failure)
        ? blinkError(command.name, new OutcomeUnknown({ detail: "its response was lost" }), sent.failure.sent)
        : sent.failure
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
        // Failing to poll the outcome does not mean that the command failed.
        if (polled._tag === "Failure" && polled.failure.reason._tag === "CommandFailed")
          return yield* polled.failure
        yield* report("verifying")
        // After the timeout one snapshot is enough; otherwise the command may still be running.
        const delays = polled._tag === "Failure" ? verifyDelays : [Duration.zero]
        const confirmed = yield* confirmByState(command, before, delays)
        if (confirmed !== null) return yield* report("done", { ...receiptValue, ...confirmed })
        return yield* polled._tag === "Failure"
          ? polled.failure
          : blinkError(
              command.name,
              new OutcomeUnknown({ detail: "the sync module reported no outcome in time" }),
              "yes",
            )
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
        // The cloud repeats "running" every second.
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

  /** Drops a command without subscribers while it is queued. A command that was sent continues. */
  const unsubscribe = (conflict: string, job: Job) =>
    Effect.suspend(() => {
      job.subscriberCount -= 1
      if (job.subscriberCount > 0 || job.isStarted || job.fiber === null) return Effect.void
      // Prevents new subscribers from joining it.
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
