import type { NetworkId } from "@blink-streams/model"
import { Effect, Exit, Fiber, PubSub, type Scope, Stream } from "effect"
import type { BlinkApi } from "../../BlinkApi.ts"
import type { BlinkConfig } from "../../BlinkConfig.ts"
import type { BlinkError } from "../../BlinkError.ts"
import type { Command } from "../../Command.ts"
import type { CommandProgress } from "../../CommandProgress.ts"
import { NetworkQueue } from "../../NetworkQueue.ts"
import { type CommandJob, jobKey, makeJob, progressOf, reportTo } from "./CommandJob.ts"
import { executeCommand } from "./executeCommand.ts"
import { isArmCommand } from "./isArmCommand.ts"
import { showsExpectedState } from "./verifyCommand.ts"

/** Key of the target of a command. Commands with the same key may contradict each other. */
const conflictKey = (command: Command): string => {
  if ("camera" in command) return `${command.network} ${command.kind} ${command.camera}`
  return command.name === "deleteClip"
    ? `${command.network} clip ${command.args.clip}`
    : String(command.network)
}

/** True when a poll shows that an arm command has nothing to change. `force` omits the poll. */
const hasNothingToChange = Effect.fnUntraced(function* (job: CommandJob, command: Command) {
  if (!isArmCommand(command) || command.args?.force === true) return false
  job.isComparing = true
  const isUnchanged = yield* showsExpectedState(command)
  job.isComparing = isUnchanged
  return isUnchanged
})

/** Executes a job when the network's queue reaches it. With `uncertain` it is sent whatever a poll shows. */
const runJob = Effect.fnUntraced(function* (
  job: CommandJob,
  command: Command,
  uncertain: ReadonlySet<NetworkId>,
) {
  const queue = yield* NetworkQueue
  yield* queue.acquire(command.network)
  job.isStarted = true
  const report = reportTo(job)
  const isLeftOut = !uncertain.has(command.network) && (yield* hasNothingToChange(job, command))
  yield* isLeftOut ? report("done", { changed: false }) : executeCommand(command, report)
}, Effect.scoped)

type Dependencies = BlinkApi | BlinkConfig | NetworkQueue | Scope.Scope

/** Commands of one account. Each runs in its own fiber, independent of its subscribers. */
export const makeCommands = Effect.gen(function* () {
  const dependencies = yield* Effect.context<Dependencies>()
  /**
   * Newest job of each target. Only this one is joined, because an older one may be contradicted by a newer
   * command.
   */
  const jobs = new Map<string, CommandJob>()
  /** Networks whose last arm command failed after it may have been sent. It can still take effect after a poll. */
  const uncertain = new Set<NetworkId>()

  /** Returns the job that an equal command joins. */
  const findJoinable = (conflict: string, key: string): CommandJob | null => {
    const newest = jobs.get(conflict)
    return newest?.key === key && !newest.isComparing ? newest : null
  }

  const removeJob = (conflict: string, job: CommandJob) => {
    if (jobs.get(conflict) === job) jobs.delete(conflict)
  }

  const start = Effect.fnUntraced(function* (command: Command) {
    const conflict = conflictKey(command)
    const job = yield* makeJob(jobKey(command))
    // Another caller may have started an equal command meanwhile.
    const joinable = findJoinable(conflict, job.key)
    if (joinable !== null) return joinable
    jobs.set(conflict, job)
    job.fiber = yield* runJob(job, command, uncertain).pipe(
      Effect.onExit((exit) =>
        Effect.suspend(() => {
          removeJob(conflict, job)
          if (isArmCommand(command) && Exit.isSuccess(exit)) uncertain.delete(command.network)
          else if (isArmCommand(command) && job.isStarted) uncertain.add(command.network)
          return PubSub.publish(job.events, { exit })
        }),
      ),
      Effect.withSpan("Commands.run", { attributes: { command: command.name } }),
      Effect.forkScoped,
    )
    return job
  })

  /** Drops a command without subscribers while it is queued. A command that was sent continues. */
  const unsubscribe = (conflict: string, job: CommandJob) =>
    Effect.suspend(() => {
      job.subscriberCount -= 1
      if (job.subscriberCount > 0 || job.isStarted || job.fiber === null) return Effect.void
      // Prevents new subscribers from joining it.
      removeJob(conflict, job)
      return Fiber.interrupt(job.fiber)
    })

  const run = (command: Command): Stream.Stream<CommandProgress, BlinkError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const conflict = conflictKey(command)
        const job =
          findJoinable(conflict, jobKey(command)) ?? (yield* Effect.provide(start(command), dependencies))
        job.subscriberCount += 1
        yield* Effect.addFinalizer(() => unsubscribe(conflict, job))
        return progressOf(job)
      }),
    )

  return { run }
})
