import { Effect, type Exit, type Fiber, PubSub, Stream } from "effect"
import type { BlinkError } from "../../BlinkError.ts"
import type { Command } from "../../Command.ts"
import type { CommandProgress, CommandStatus } from "../../CommandProgress.ts"
import { randomUuid } from "../randomUuid.ts"
import type { ReportStatus } from "./executeCommand.ts"

type JobEvent = { readonly progress: CommandProgress } | { readonly exit: Exit.Exit<void, BlinkError> }

/** One command with its subscribers. */
export interface CommandJob {
  /** The command as text. Equal commands have equal keys. */
  readonly key: string
  readonly commandId: string
  readonly events: PubSub.PubSub<JobEvent>
  fiber: Fiber.Fiber<void, BlinkError> | null
  subscriberCount: number
  status: CommandStatus
  /** Set when the queue has reached this job: the request may be sent from then on. */
  isStarted: boolean
  /** True while a poll decides if anything is sent. It may have begun before a later call, which must not rely on it. */
  isComparing: boolean
}

/** Text that is equal for equal commands. */
export const jobKey = (command: Command): string => JSON.stringify(command)

export const makeJob = Effect.fnUntraced(function* (key: string) {
  const commandId = yield* randomUuid
  const events = yield* PubSub.unbounded<JobEvent>({ replay: 16 })
  yield* PubSub.publish(events, { progress: { commandId, status: "queued" } })
  const job: CommandJob = {
    key,
    commandId,
    events,
    fiber: null,
    subscriberCount: 0,
    status: "queued",
    isStarted: false,
    isComparing: false,
  }
  return job
})

/** Publishes the statuses of a job. The cloud repeats "running" every second, which is published once. */
export const reportTo =
  (job: CommandJob): ReportStatus =>
  (status, value) =>
    Effect.suspend(() => {
      if (job.status === status) return Effect.void
      job.status = status
      const { commandId } = job
      const progress = value === undefined ? { commandId, status } : { commandId, status, value }
      return Effect.asVoid(PubSub.publish(job.events, { progress }))
    })

/** Progress of a job from its beginning. Fails with the error of the job. */
export const progressOf = ({ events }: CommandJob): Stream.Stream<CommandProgress, BlinkError> =>
  Stream.fromPubSub(events).pipe(
    Stream.takeUntil((event) => "exit" in event),
    Stream.mapEffect((event) =>
      "exit" in event ? Effect.as(event.exit, null) : Effect.succeed(event.progress),
    ),
    Stream.filter((progress) => progress !== null),
  )
