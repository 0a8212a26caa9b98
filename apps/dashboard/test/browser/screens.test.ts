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

/** `UPDATE_SCREENS=1` writes the pictures that the docs show; without it they are taken all the same. */
const folder = fileURLToPath(new URL("../../../../docs/screens/", import.meta.url))
const updateScreens = process.env["UPDATE_SCREENS"] === "1"

/** Minutes before now at which something moved, in an order that looks like a day in a house. */
const motionMinutesAgo = [
  900, 845, 840, 838, 610, 604, 420, 415, 413, 290, 288, 240, 120, 118, 75, 40, 33, 31, 18, 9,
]

/** A day that was, so that strip and ribbons have something to tell. */
const motionEvents = (state: AccountState): ReadonlyArray<BlinkEvent> =>
  motionMinutesAgo.map((minutes, index) => {
    const camera = state.cameras[(index * 3 + (index >> 2)) % state.cameras.length]!
    const at = timestampFromMillis(Date.now() - minutes * 60_000)
    return {
      kind: "motion",
      id: EventId.make(`screens:${index}`),
      occurredAt: at,
      observedAt: timestampFromMillis(Date.parse(at) + 9_000 + index * 1_700),
      source: "media",
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

/** Disarmed from the morning until the evening. */
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
      source: "homescreen",
      subject: { account: state.account, network: state.networks[0]!.id, name: state.networks[0]!.name },
      data: { from, to, by: "program" },
    }
  })

describe.skipIf(!browserAvailable)("pictures of the page for the docs", () => {
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
    // Pictures on the screen are there; those below it are not waited for.
    await page.waitForFunction(() =>
      [...document.querySelectorAll("img")].every(
        (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
      ),
    )
    const picture = await page.screenshot(updateScreens ? { path: `${folder}${name}.png` } : {})
    assert.isAbove(picture.length, 20_000)
    assert.deepStrictEqual(browser.errors, [])
  }

  test("light", () => takeScreenshot("light", { colorScheme: "light" }, waitForClip))
  test("dark", () => takeScreenshot("dark", { colorScheme: "dark" }, waitForClip))
  test("phone", () =>
    takeScreenshot("phone", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }, waitForClip))
  test("kiosk", () =>
    takeScreenshot(
      "kiosk",
      { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
      waitForClip,
      "?kiosk",
    ))
  test("timeline", () =>
    takeScreenshot(
      "timeline",
      { colorScheme: "light", viewport: { width: 1280, height: 800 } },
      async (page) => {
        await page.getByRole("link", { name: "Timeline" }).click()
        await page.locator(".row").first().waitFor()
      },
    ))
  test("clip", () =>
    takeScreenshot("clip", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page
        .getByRole("button", { name: /^Play the clip of Porch/ })
        .first()
        .click()
      await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 1)
    }))
  test("cost", () =>
    takeScreenshot("cost", { colorScheme: "light", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.getByRole("button", { name: "Watch Garage live" }).click()
      await page.getByText("Its battery is low already.").waitFor()
    }))
  test("live", () =>
    takeScreenshot("live", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.getByRole("button", { name: "Watch Living Room live" }).click()
      await page.waitForFunction(
        () => (document.querySelector<HTMLVideoElement>("dialog[open] video")?.currentTime ?? 0) > 1,
      )
    }))
  test("stale", async () => {
    await takeScreenshot("stale", { colorScheme: "light" }, async (page) => {
      await waitForClip(page)
      await server.stop()
      await page.getByText("Not live.").waitFor()
    })
    await server.start()
  })
  test("pin", () =>
    takeScreenshot("pin", { colorScheme: "dark" }, async (page) => {
      await server.revokeClient()
      await page.getByLabel("Password").fill(server.cloud.account.password)
      await page.getByRole("button", { name: "Send" }).click()
      await page.getByRole("textbox", { name: "PIN" }).waitFor()
    }))
})
