import {
  broadcast,
  type BroadcastOptions,
  type RunningBroadcast,
  type StateFolder,
} from "@blink-streams/broadcaster"
import { pageDirectory } from "@blink-streams/dashboard"
import { timestampFromMillis } from "@blink-streams/model"
import { colourDepth, eventLine } from "@blink-streams/watcher"
import { Effect, Redacted, Stream } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { pollIntervals } from "../account/cloudAccount.ts"
import { CliError, messageOf } from "../errors/CliError.ts"
import { isLoopbackHost } from "../connect/isLoopbackHost.ts"
import type { SettingFlags, Settings } from "../settings/Settings.ts"
import { version } from "../version.ts"

export interface ServeFlags extends SettingFlags {
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly allowHost: ReadonlyArray<string>
  readonly allowOrigin: ReadonlyArray<string>
  readonly feed: boolean
  readonly unixSocket?: string
  readonly trustProxy?: boolean
}

const readPem = (flag: string, path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new CliError("usage", `${flag} is "${path}", which can't be read: ${messageOf(cause)}`)
  }
}

/** `null` for plain http. */
const readCertificate = ({ tlsCert, tlsKey }: ServeFlags) => {
  if (tlsCert === undefined && tlsKey === undefined) return null
  if (tlsCert === undefined || tlsKey === undefined)
    throw new CliError("usage", "--tls-cert and --tls-key belong together")
  return { cert: readPem("--tls-cert", tlsCert), key: readPem("--tls-key", tlsKey) }
}

/** Converts flags and settings into the options of the broadcaster. Warns when it is reachable without TLS. */
export const broadcastOptions = (flags: ServeFlags, settings: Settings) => {
  const { unixSocket } = flags
  if (unixSocket === undefined && !isLoopbackHost(settings.host) && flags.tlsCert === undefined)
    process.stderr.write(
      `blink-streams: ${settings.host} is reachable from other machines without TLS: give --tls-cert and --tls-key, or put a proxy in front\n`,
    )
  return {
    monitorOptions: pollIntervals(settings),
    host: settings.host,
    port: settings.port,
    dashboardDir: existsSync(pageDirectory) ? pageDirectory : null,
    allowedOrigins: flags.allowOrigin,
    allowedHosts: flags.allowHost,
    certificate: readCertificate(flags),
    trustProxy: flags.trustProxy ?? false,
    ...(unixSocket === undefined ? {} : { socketPath: unixSocket }),
    version,
  }
}

const formatSeconds = (millis: number): string => `${(millis / 1_000).toFixed(1)} s`

/** Prints events as they are appended, and the time from process start to the first one. */
const printEvents = ({ monitors }: RunningBroadcast, startedAt: number) =>
  Effect.gen(function* () {
    const { newest } = yield* monitors.log.bounds
    const coloured =
      colourDepth({ flag: undefined, environment: process.env, isTerminal: process.stdout.isTTY }) !== "none"
    let isFirst = true
    yield* monitors.log.follow(newest).pipe(
      Stream.runForEach((event) =>
        Effect.sync(() => {
          process.stdout.write(`${eventLine(event, coloured)}\n`)
          if (isFirst) process.stdout.write(`first event after ${formatSeconds(Date.now() - startedAt)}\n`)
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
    readonly startedAt: number
    readonly feed: boolean
    readonly banner: (broadcasting: RunningBroadcast) => string
  },
) =>
  Effect.gen(function* () {
    const broadcasting = yield* broadcast(options).pipe(
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
      Effect.catchReason("LogError", "LogInUse", () =>
        Effect.fail(
          new CliError(
            "failed",
            `another broadcaster uses ${output.folder.path}: stop it, or choose another folder with --dir`,
          ),
        ),
      ),
    )
    // Terminals connect to a port; a Unix socket is for a proxy.
    if (options.socketPath === undefined)
      yield* Effect.acquireRelease(
        Effect.sync(() =>
          output.folder.writeRunFile(broadcasting.port, {
            url: broadcasting.websocket,
            token: Redacted.value(options.admin),
            pid: process.pid,
          }),
        ),
        () => Effect.sync(() => output.folder.removeRunFile(broadcasting.port)),
      )
    process.stdout.write(output.banner(broadcasting))
    return yield* output.feed
      ? Effect.andThen(printEvents(broadcasting, output.startedAt), Effect.never)
      : Effect.never
  }).pipe(Effect.scoped)

/** The flag with which other commands find a broadcaster on `port`; empty for the default port. */
export const portFlag = (port: number): string => (port === 25_465 ? "" : ` --port ${port}`)

const maxAlignedWidth = 40

/** Formats the banner: a title and aligned rows of label, value and note. */
export const bannerText = (
  title: string,
  rows: ReadonlyArray<readonly [label: string, value: string, note: string]>,
): string => {
  // The one-time link is much longer than the other values and is left out of the alignment.
  const width = Math.max(
    ...rows.map(([, value]) => value.length).filter((length) => length <= maxAlignedWidth),
  )
  return `\n${title}\n\n${rows
    .map(
      ([label, value, note]) =>
        `  ${label.padEnd(10)} ${note === "" ? value : `${value.padEnd(width)}   ${note}`}`,
    )
    .join("\n")}\n\n`
}

/** Start of this process, in milliseconds since the epoch. */
export const processStartedAt = (): number => Date.parse(timestampFromMillis(performance.timeOrigin))
