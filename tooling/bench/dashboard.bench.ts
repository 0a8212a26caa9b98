import type { AccountState } from "@blink-streams/model"
import type { CDPSession, Page } from "../../apps/dashboard/test/browser/browser.ts"
import { readdir, readFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import { openBrowser } from "../../apps/dashboard/test/browser/browser.ts"
import { buildPage } from "../../apps/dashboard/test/browser/buildPage.ts"
import { sampleAccount, largeAccount, motionAt } from "../../apps/dashboard/test/browser/sampleAccount.ts"
import { startTestServer, type TestServer } from "../../apps/dashboard/test/browser/testServer.ts"
import { type BenchReport, median } from "./BenchReport.ts"

const visits = 7
const cameras = 500
const busySeconds = 20
const hourOfEvents = 3_600 * 50
const warmUpEvents = 20_000

/** Gzipped size of the files with `extension` that the page requests at the start, in bytes. */
const loadedBytes = async (stage: TestServer, extension: string) => {
  await using browser = await openBrowser()
  const requested = new Set<string>()
  browser.context.on("request", (request) => {
    const name = basename(new URL(request.url()).pathname)
    if (name.endsWith(extension)) requested.add(name)
  })
  const page = await browser.open(await stage.link())
  await page.locator(".arm-control button").first().waitFor()
  await page.waitForLoadState("networkidle")
  const folder = await buildPage()
  const files = await readdir(folder, { recursive: true })
  const sizes = await Promise.all(
    files
      .filter((file) => requested.has(basename(file)))
      .map(async (file) => gzipSync(await readFile(join(folder, file))).length),
  )
  if (sizes.length < requested.size) throw new Error("the page requests files that are not part of its build")
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Milliseconds from navigation to an enabled button, in a new browser. */
const interactiveMs = async (stage: TestServer) => {
  await using browser = await openBrowser()
  const page = await browser.open(await stage.link())
  const ready = await page.waitForFunction(() => {
    const button = document.querySelector<HTMLButtonElement>(".arm-control button")
    return button !== null && !button.disabled && performance.now()
  })
  return Number(await ready.jsonValue())
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** CPU time of the task in microseconds, independent of other load on the machine. */
  readonly tdur?: number
  /** Wall-clock time in microseconds. */
  readonly dur?: number
  readonly args: { readonly name?: string }
}

const isTraceEvent = (value: object): value is TraceEvent =>
  "name" in value && "tid" in value && "args" in value

/** Longest task of the page's main thread while `work` runs. */
const longestTask = async (session: CDPSession, work: () => Promise<void>) => {
  const events: Array<TraceEvent> = []
  session.on("Tracing.dataCollected", ({ value }) => {
    // The types of the protocol declare the values as strings, which is wrong.
    const traceEvents: ReadonlyArray<object> = value
    events.push(...traceEvents.filter(isTraceEvent))
  })
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      includedCategories: ["__metadata", "disabled-by-default-devtools.timeline"],
      excludedCategories: ["*"],
    },
  })
  await work()
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done))
  await session.send("Tracing.end")
  await complete
  const mains = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}:${tid}`),
  )
  const tasks = events.filter(({ name, pid, tid }) => name === "RunTask" && mains.has(`${pid}:${tid}`))
  if (tasks.length === 0) throw new Error("the trace holds no task of the page")
  return {
    cpuMs: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000,
    wallMs: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1_000,
  }
}

const hasShown = (page: Page, event: string) =>
  page.waitForFunction((wanted) => document.getElementById(`row-${wanted}`) !== null, event, {
    timeout: 240_000,
  })

const heapBytes = async (session: CDPSession) => {
  await session.send("HeapProfiler.collectGarbage")
  return (await session.send("Runtime.getHeapUsage")).usedSize
}

/** Appends motions in batches of `size`. Returns the id of the last one. */
const append = async (stage: TestServer, account: AccountState, from: number, to: number, size: number) => {
  let last = ""
  for (let seq = from; seq < to; seq += size) {
    const events = Array.from({ length: size }, (_, index) =>
      motionAt(account.cameras[(seq + index) % account.cameras.length]!),
    )
    await stage.append({ events })
    last = events.at(-1)!.id
  }
  return last
}

const measureLargeHome = async () => {
  const account = largeAccount(cameras)
  await using stage = await startTestServer(account)
  await using browser = await openBrowser()
  const page = await browser.context.newPage()
  const session = await page.context().newCDPSession(page)
  const drawing = await longestTask(session, async () => {
    await page.goto(await stage.link())
    await page.waitForFunction((count) => document.querySelectorAll(".card").length === count, cameras)
  })
  const busy = await longestTask(session, async () => {
    let last = ""
    for (let tenth = 0; tenth < busySeconds * 10; tenth++)
      [last] = await Promise.all([append(stage, account, tenth * 5, tenth * 5 + 5, 5), sleep(100)])
    await hasShown(page, last)
  })

  const start = busySeconds * 50
  await hasShown(page, await append(stage, account, start, start + warmUpEvents, 100))
  const before = await heapBytes(session)
  await hasShown(page, await append(stage, account, start + warmUpEvents, start + hourOfEvents, 100))
  return { drawing, busy, before, after: await heapBytes(session) }
}

/** Measures the page in a real browser against a real broadcaster and log. */
export default async (): Promise<BenchReport> => {
  await using stage = await startTestServer(sampleAccount())
  const scriptBytes = await loadedBytes(stage, ".js")
  const styleBytes = await loadedBytes(stage, ".css")
  const times: Array<number> = []
  for (let visit = 0; visit < visits; visit++) times.push(await interactiveMs(stage))
  const { drawing, busy, before, after } = await measureLargeHome()
  return {
    ratios: { heapAfterAnHour: after / before },
    figures: {
      scriptGzipBytes: scriptBytes,
      styleGzipBytes: styleBytes,
      interactiveMs: Math.round(median(times)),
      longestTaskDrawing500CamerasCpuMs: drawing.cpuMs,
      longestTaskDrawing500CamerasMs: drawing.wallMs,
      longestTaskAt50EventsPerSecondCpuMs: busy.cpuMs,
      longestTaskAt50EventsPerSecondMs: busy.wallMs,
      heapBytes: after,
    },
    goals: {
      scriptGzipBytes: { atMost: 60_000 },
      interactiveMs: { atMost: 1_000 },
      longestTaskDrawing500CamerasCpuMs: { atMost: 50 },
      longestTaskAt50EventsPerSecondCpuMs: { atMost: 50 },
      heapAfterAnHour: { atMost: 1.1 },
    },
  }
}
