import { broadcast, type RunningBroadcast } from "@blink-streams/broadcaster"
import { signedIn } from "@blink-streams/broadcaster/signIn"
import { Emulator } from "@blink-streams/emulator"
import { BlinkEvent, formatCursor, Seq, timestampFromMillis } from "@blink-streams/model"
import { Context, Effect, Layer, Redacted, Schedule, Schema } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { type BenchReport, median } from "./BenchReport.ts"

const binary = resolve(import.meta.dirname, "../../apps/cli/bin/blink-streams.js")
const token = "bench"
const ticksPerSecond = 100
const measuredSeconds = 10

/** Run time of a process in milliseconds. */
const timeOf = (args: ReadonlyArray<string>): number => {
  const start = performance.now()
  execFileSync(process.execPath, args, { stdio: "ignore" })
  return performance.now() - start
}

const environment = {
  ...process.env,
  BLINK_STREAMS_TOKEN: token,
  BLINK_STREAMS_DIR: mkdtempSync(join(tmpdir(), "bench-")),
}

/** Milliseconds from the start of `watch --json` to its first line. */
const firstLine = (url: string, cursor: string): Promise<number> =>
  new Promise((done, fail) => {
    const start = performance.now()
    const child = spawn(process.execPath, [binary, "watch", "--json", "--connect", url, "--since", cursor], {
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    })
    child.stdout.once("data", () => {
      done(performance.now() - start)
      child.kill("SIGTERM")
    })
    child.once("error", fail)
  })

/** CPU seconds and written bytes of a process so far. The bytes include those sent to the broadcaster. */
const usage = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
  const written = /^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]
  return { cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond, bytes: Number(written) }
}

/** Cameras of the emulated account. */
const cameras = [
  { camera: 8_800_101, name: "Porch" },
  { camera: 8_800_102, name: "Garden" },
  { camera: 8_800_103, name: "Garage" },
]

const motion = (index: number) =>
  Schema.decodeUnknownSync(BlinkEvent)({
    id: `motion:${index}`,
    kind: "motion",
    occurredAt: timestampFromMillis(Date.now()),
    observedAt: timestampFromMillis(Date.now()),
    source: "clips",
    subject: { account: 7_310_001, network: 5_130_001, kind: "camera", ...cameras[index % cameras.length] },
    data: { clipId: String(index), cause: "pir", durationSeconds: 12 },
  })

/** CPU percentage of one core and kilobytes per second of the full screen at 120×40, over ten seconds after a warm-up. */
const screen = Effect.fn(function* (url: string) {
  const socket = `bench-${process.pid}`
  const tmux = (...args: ReadonlyArray<string>) =>
    execFileSync("tmux", ["-L", socket, "-f", "/dev/null", ...args], {
      encoding: "utf8",
      env: environment,
    }).trim()
  const command = `COLORTERM=truecolor exec ${process.execPath} ${binary} watch --connect ${url}`
  tmux("new-session", "-d", "-x", "120", "-y", "40", command)
  yield* Effect.addFinalizer(() => Effect.sync(() => tmux("kill-server")))
  yield* Effect.sleep("6 seconds")
  const pid = Number(tmux("display-message", "-p", "#{pane_pid}"))
  const before = usage(pid)
  yield* Effect.sleep(`${measuredSeconds} seconds`)
  const after = usage(pid)
  return {
    cpuPercent: ((after.cpu - before.cpu) / measuredSeconds) * 100,
    kilobytesPerSecond: (after.bytes - before.bytes) / measuredSeconds / 1_000,
  }
}, Effect.scoped)

const feed = ({ monitors }: RunningBroadcast, perSecond: number) => {
  let index = Math.floor(performance.now() * 1_000)
  return Effect.repeat(
    Effect.suspend(() => {
      const event = motion(++index)
      return monitors.log.append({ account: event.subject.account, events: [event] })
    }),
    Schedule.fixed(1_000 / perSecond),
  )
}

const measure = Effect.gen(function* () {
  const cloud = Context.get(yield* Layer.build(Emulator.layer({ port: 0, scenario: "quiet" })), Emulator)
  const { email, password, pin } = cloud.account
  // Idle load: an account with cameras and pictures, polled once a minute.
  const services = yield* signedIn(
    {
      cloud: { dialect: "oauth", apiUrl: cloud.url, oauthUrl: cloud.url },
      sessionFile: join(environment.BLINK_STREAMS_DIR, "session.json"),
    },
    {
      attended: true,
      email: Effect.succeed(email),
      password: Effect.succeed(Redacted.make(password)),
      pin: () => Effect.succeed(Redacted.make(pin)),
    },
  )
  const broadcasting = yield* broadcast({
    accounts: [{ services }],
    monitorOptions: { stateInterval: "60 seconds", clipInterval: "60 seconds" },
    log: null,
    tokens: null,
    admin: Redacted.make(token),
    host: "127.0.0.1",
    port: 0,
    dashboardDir: null,
    allowedHosts: [],
    allowedOrigins: [],
    certificate: null,
    version: "0.0.0",
  })
  const { websocket, monitors } = broadcasting
  const first = motion(0)
  yield* monitors.log.append({ account: first.subject.account, events: [first] })
  const lines: Array<number> = []
  const start = formatCursor({ epoch: monitors.log.epoch, seq: Seq.make(0) })
  for (let round = 0; round < 5; round++) lines.push(yield* Effect.promise(() => firstLine(websocket, start)))
  const idle = yield* screen(websocket)
  const busy = yield* Effect.raceFirst(
    screen(websocket),
    Effect.andThen(feed(broadcasting, 50), Effect.never),
  )
  return { firstLineMs: median(lines), idle, busy }
}).pipe(Effect.scoped)

const round = (value: number): number => Math.round(value * 100) / 100

/** Measures CPU and output of the watcher and the start-up time of the command line. */
export default async (): Promise<BenchReport> => {
  const help: Array<number> = []
  const node: Array<number> = []
  for (let index = 0; index < 15; index++) {
    node.push(timeOf(["-e", "0"]))
    help.push(timeOf([binary, "--help"]))
  }
  const { firstLineMs, idle, busy } = await Effect.runPromise(measure)
  return {
    ratios: {},
    figures: {
      nodeMs: round(median(node)),
      helpMs: round(median(help)),
      helpMsBeyondTwiceNode: round(median(help) - 2 * median(node)),
      firstLineMs: round(firstLineMs),
      idleCpuPercent: round(idle.cpuPercent),
      idleKilobytesPerSecond: round(idle.kilobytesPerSecond),
      busyCpuPercent: round(busy.cpuPercent),
      busyKilobytesPerSecond: round(busy.kilobytesPerSecond),
    },
    goals: {
      helpMsBeyondTwiceNode: { atMost: 150 },
      firstLineMs: { atMost: 1_500 },
      idleCpuPercent: { atMost: 1 },
      busyCpuPercent: { atMost: 15 },
      busyKilobytesPerSecond: { atMost: 60 },
    },
  }
}
