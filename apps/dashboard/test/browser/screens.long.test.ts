import {
  type AccountState,
  ClipId,
  EventId,
  type BlinkEvent,
  timestampFromMillis,
} from "@blink-streams/model"
import { mkdir } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import type { BrowserContextOptions, Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, openBrowser } from "./browser.ts"
import { startEmulatedServer, type EmulatedServer } from "./emulatedServer.ts"

/** `UPDATE_SCREENS=1` writes the screenshots of the docs; without it they are taken but not written. */
const folder = fileURLToPath(new URL("../../../../docs/screens/", import.meta.url))
const updateScreens = process.env["UPDATE_SCREENS"] === "1"

/** Motion times of a typical day. */
const motionMinutesAgo = [
  900, 845, 840, 838, 610, 604, 420, 415, 413, 290, 288, 240, 120, 118, 75, 40, 33, 31, 18, 9,
]

/** Motion events of the last day, for the timeline and the sparklines. */
const motionEvents = (state: AccountState): ReadonlyArray<BlinkEvent> =>
  motionMinutesAgo.map((minutes, index) => {
    const camera = state.cameras[(index * 3 + (index >> 2)) % state.cameras.length]!
    const at = timestampFromMillis(Date.now() - minutes * 60_000)
    return {
      kind: "motion",
      id: EventId.make(`screens:${index}`),
      occurredAt: at,
      observedAt: timestampFromMillis(Date.parse(at) + 9_000 + index * 1_700),
      source: "clips",
      subject: {
        account: state.account,
        network: camera.networkId,
        camera: camera.id,
        kind: camera.kind,
        name: camera.name,
      },
      data: {
        clipId: ClipId.make(`screens:${index}`),
        cause: "pir",
        durationSeconds: 5 + (index % 7),
        ...(camera.thumbnail === null ? {} : { thumbnail: camera.thumbnail.url }),
      },
    }
  })

const waitForClip = async (page: Page) => {
  await page
    .getByRole("button", { name: /^Play the clip of Porch/ })
    .first()
    .waitFor()
}

/** Arm changes of the last day: disarmed from morning until evening. */
const armEvents = (state: AccountState): ReadonlyArray<BlinkEvent> =>
  (
    [
      [870, "armed", "disarmed"],
      [230, "disarmed", "armed"],
    ] as const
  ).map(([minutes, from, to]) => {
    const at = timestampFromMillis(Date.now() - minutes * 60_000)
    return {
      kind: "arm.changed",
      id: EventId.make(`screens:arm:${minutes}`),
      occurredAt: at,
      observedAt: at,
      source: "state",
      subject: { account: state.account, network: state.networks[0]!.id, name: state.networks[0]!.name },
      data: { from, to, by: "schedule" },
    }
  })

describe.skipIf(!browserAvailable)("Screenshots for the docs", () => {
  let server: EmulatedServer
  beforeAll(async () => {
    server = await startEmulatedServer()
    const state = await server.state()
    await server.appendEvents(
      [...motionEvents(state), ...armEvents(state)].sort((a, b) => a.occurredAt.localeCompare(b.occurredAt)),
    )
    await server.cloud.change({ camera: "Garage", set: { battery: "low" } })
    await server.cloud.motion({ camera: "Porch", publish_after_ms: 0, duration: 5 })
    if (updateScreens) await mkdir(folder, { recursive: true })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const takeScreenshot = async (
    name: string,
    options: BrowserContextOptions,
    prepare: (page: Page) => Promise<void>,
    query = "",
  ) => {
    await using browser = await openBrowser({ reducedMotion: "reduce", ...options })
    const page = await browser.open((await server.link()).replace("/#", `/${query}#`))
    await page.getByTestId("arm-state").first().waitFor()
    await prepare(page)
    // Waits for the images in the viewport; those below it load lazily.
    await page.waitForFunction(() =>
      [...document.querySelectorAll("img")].every(
        (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
      ),
    )
    const picture = await page.screenshot(updateScreens ? { path: `${folder}${name}.png` } : {})
    assert.isAbove(picture.length, 20_000)
    assert.deepStrictEqual(browser.errors, [])
  }

  test("Screenshot of the light home view is taken without errors", () =>
    takeScreenshot("light", { colorScheme: "light" }, waitForClip))
  test("Screenshot of the dark home view is taken without errors", () =>
    takeScreenshot("dark", { colorScheme: "dark" }, waitForClip))
  test("Screenshot of a phone is taken without errors", () =>
    takeScreenshot("phone", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }, waitForClip))
  test("Screenshot of the kiosk mode is taken without errors", () =>
    takeScreenshot(
      "kiosk",
      { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
      waitForClip,
      "?kiosk",
    ))
  test("Screenshot of the timeline is taken without errors", () =>
    takeScreenshot(
      "timeline",
      { colorScheme: "light", viewport: { width: 1280, height: 800 } },
      async (page) => {
        await page.getByRole("link", { name: "Timeline" }).click()
        await page.locator(".row").first().waitFor()
      },
    ))
  test("Screenshot of a clip is taken without errors", () =>
    takeScreenshot("clip", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page
        .getByRole("button", { name: /^Play the clip of Porch/ })
        .first()
        .click()
      await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 1)
    }))
  test("Screenshot of the battery warning is taken without errors", () =>
    takeScreenshot("cost", { colorScheme: "light", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.getByRole("button", { name: "Watch Garage live" }).click()
      await page.getByText("Its battery is already low.").waitFor()
    }))
  test("Screenshot of a live view is taken without errors", () =>
    takeScreenshot("live", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.getByRole("button", { name: "Watch Living Room live" }).click()
      await page.waitForFunction(
        () => (document.querySelector<HTMLVideoElement>("dialog[open] video")?.currentTime ?? 0) > 1,
      )
    }))
  test("Screenshot of a lost connection is taken without errors", async () => {
    await takeScreenshot("stale", { colorScheme: "light" }, async (page) => {
      await waitForClip(page)
      await server.stop()
      await page.getByText("Connection lost.").waitFor()
    })
    await server.start()
  })
  test("Screenshot of a PIN prompt is taken without errors", () =>
    takeScreenshot("pin", { colorScheme: "dark" }, async (page) => {
      await server.revokeClient()
      await page.getByLabel("Password").fill(server.cloud.account.password)
      await page.getByRole("button", { name: "Send" }).click()
      await page.getByRole("textbox", { name: "PIN" }).waitFor()
    }))
})
