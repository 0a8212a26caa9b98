import { broadcast, type BroadcastOptions, type RunningBroadcast } from "@blink-streams/broadcaster"
import type { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { colourDepth } from "@blink-streams/watcher/text"
import { eventLine } from "@blink-streams/watcher/lines"
import { Effect, Redacted, Stream } from "effect"
import { CliError } from "../errors/CliError.ts"

const formatSeconds = (millis: number): string => `${(millis / 1_000).toFixed(1)} s`

/** Prints events as they are appended, without history, and the time from process start to the first one. */
const printEvents = ({ monitors }: RunningBroadcast) =>
  Effect.gen(function* () {
    const { newest } = yield* monitors.log.bounds
    const coloured =
      colourDepth({ flag: undefined, environment: process.env, isTerminal: process.stdout.isTTY }) !== "none"
    let isFirst = true
    yield* monitors.log.follow(newest).pipe(
      Stream.filter(({ event }) => event.backfilled !== true),
      Stream.runForEach(({ event }) =>
        Effect.sync(() => {
          process.stdout.write(`${eventLine(event, coloured)}\n`)
          if (isFirst) process.stdout.write(`first event after ${formatSeconds(performance.now())}\n`)
          isFirst = false
        }),
      ),
    )
  })

/**
 * Serves until it is interrupted: writes the run file to `folder`, so that terminals on this machine find the
 * broadcaster, prints the banner and, with `feed`, the events.
 */
export const serveUntilInterrupted = (
  options: BroadcastOptions,
  output: {
    readonly folder: StateFolder
    readonly feed: boolean
    readonly banner: (running: RunningBroadcast) => string
  },
) =>
  Effect.gen(function* () {
    const running = yield* broadcast(options).pipe(
      Effect.catchTag("ListenFailed", (error) =>
        Effect.fail(
          new CliError(
            "failed",
            error.code === "EADDRINUSE" && error.port !== 0
              ? `port ${error.port} is in use: choose another with --port`
              : `${error.message}: choose another with --host and --port`,
          ),
        ),
      ),
      Effect.catchReason("LogError", "LogInUse", ({ pid }) =>
        Effect.fail(
          new CliError(
            "failed",
            `another broadcaster${pid === null ? "" : ` (process ${pid})`} uses ${output.folder.path}: stop it, or choose another folder with --dir`,
          ),
        ),
      ),
    )
    // Terminals connect to a port; a Unix socket is for a proxy.
    if (options.socketPath === undefined)
      yield* Effect.acquireRelease(
        Effect.sync(() =>
          output.folder.writeRunFile(running.port, {
            url: running.websocket,
            token: Redacted.value(options.admin),
            pid: process.pid,
          }),
        ),
        () => Effect.sync(() => output.folder.removeRunFile(running.port)),
      )
    process.stdout.write(output.banner(running))
    return yield* output.feed ? Effect.andThen(printEvents(running), Effect.never) : Effect.never
  }).pipe(Effect.scoped)
