import type { AccountState } from "@blink-streams/model"
import type { CDPSession, Page } from "../../apps/dashboard/test/browser/browser.ts"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import { openBrowser } from "../../apps/dashboard/test/browser/browser.ts"
import { buildPage } from "../../apps/dashboard/test/browser/buildPage.ts"
import { house, largeHouse, motionAt } from "../../apps/dashboard/test/browser/house.ts"
import { openStage, type Stage } from "../../apps/dashboard/test/browser/stage.ts"
import { type BenchReport, median } from "./BenchReport.ts"

const visits = 7
const cameras = 500
const busySeconds = 20
const hourOfEvents = 3_600 * 50
const warmUpEvents = 20_000

/** Gzipped bytes of everything of one kind that a first visit loads. */
const loadedBytes = async (extension: string) => {
  const assets = join(await buildPage(), "assets")
  const files = (await readdir(assets)).filter((file) => file.endsWith(extension))
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(await readFile(join(assets, file))).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** From the start of the navigation to a button that can be pressed, in a fresh browser. */
const interactiveMs = async (stage: Stage) => {
  await using browser = await openBrowser()
  const page = await browser.open(await stage.link())
  const ready = await page.waitForFunction(() => {
    const button = document.querySelector<HTMLButtonElement>(".arm-control button")
    return button !== null && !button.disabled && performance.now()
  })
  return Number(await ready.jsonValue())
}

const watchLongTasks = (page: Page) =>
  page.evaluate(() => {
    const tasks: Array<number> = []
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration)
    }).observe({ type: "longtask", buffered: true })
    Object.assign(globalThis, { longTasks: tasks })
  })
const longTasks = (page: Page) => page.evaluate<Array<number>>("longTasks")

const hasShown = (page: Page, seq: number) =>
  page.waitForFunction((wanted) => document.getElementById(`row-${wanted}`) !== null, seq, {
    timeout: 240_000,
  })

const heapBytes = async (session: CDPSession) => {
  await session.send("HeapProfiler.collectGarbage")
  return (await session.send("Runtime.getHeapUsage")).usedSize
}

const tell = async (stage: Stage, home: AccountState, from: number, to: number, size: number) => {
  for (let seq = from; seq < to; seq += size)
    await stage.append({
      events: Array.from({ length: size }, (_, index) =>
        motionAt(home.cameras[(seq + index) % home.cameras.length]!),
      ),
    })
}

const measureLargeHome = async () => {
  const home = largeHouse(cameras)
  await using stage = await openStage(home)
  await using browser = await openBrowser()
  const page = await browser.open(await stage.link())
  await watchLongTasks(page)
  await page.waitForFunction((count) => document.querySelectorAll(".card").length === count, cameras)
  const drawing = await longTasks(page)

  await watchLongTasks(page)
  for (let tenth = 0; tenth < busySeconds * 10; tenth++)
    await Promise.all([tell(stage, home, tenth * 5, tenth * 5 + 5, 5), sleep(100)])
  await hasShown(page, busySeconds * 50)
  const busy = (await longTasks(page)).slice(drawing.length)

  const session = await page.context().newCDPSession(page)
  const start = busySeconds * 50
  await tell(stage, home, start, start + warmUpEvents, 100)
  await hasShown(page, start + warmUpEvents)
  const before = await heapBytes(session)
  await tell(stage, home, start + warmUpEvents, start + hourOfEvents, 100)
  await hasShown(page, start + hourOfEvents)
  return { drawing, busy, before, after: await heapBytes(session) }
}

/** The page in a real browser against a real broadcaster and log. */
export default async (): Promise<BenchReport> => {
  const scriptBytes = await loadedBytes(".js")
  const styleBytes = await loadedBytes(".css")
  await using stage = await openStage(house())
  const times: Array<number> = []
  for (let visit = 0; visit < visits; visit++) times.push(await interactiveMs(stage))
  const { drawing, busy, before, after } = await measureLargeHome()
  return {
    ratios: { heapAfterAnHour: after / before },
    figures: {
      scriptGzipBytes: scriptBytes,
      styleGzipBytes: styleBytes,
      interactiveMs: Math.round(median(times)),
      longestTaskDrawing500CamerasMs: Math.max(0, ...drawing),
      longestTaskAt50EventsPerSecondMs: Math.max(0, ...busy),
      longTasksAt50EventsPerSecond: busy.length,
      heapBytes: after,
    },
    goals: {
      scriptGzipBytes: { atMost: 60_000 },
      interactiveMs: { atMost: 1_000 },
      longestTaskDrawing500CamerasMs: { atMost: 50 },
      longestTaskAt50EventsPerSecondMs: { atMost: 50 },
      heapAfterAnHour: { atMost: 1.1 },
    },
  }
}
