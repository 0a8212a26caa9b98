import { type AccountState, ClipId, EventId, type HomeEvent, Timestamps } from "@blink-streams/model"
import { mkdir } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import type { BrowserContextOptions, Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { browserIsHere, openBrowser } from "./browser.ts"
import { openCloudStage, type CloudStage } from "./cloudStage.ts"

/** `UPDATE_SCREENS=1` writes the pictures that the docs show; without it they are taken all the same. */
const folder = fileURLToPath(new URL("../../../../docs/screens/", import.meta.url))
const isKept = process.env["UPDATE_SCREENS"] === "1"

/** Minutes before now at which something moved, in an order that looks like a day in a house. */
const day = [900, 845, 840, 838, 610, 604, 420, 415, 413, 290, 288, 240, 120, 118, 75, 40, 33, 31, 18, 9]

/** A day that was, so that strip and ribbons have something to tell. */
const history = (state: AccountState): ReadonlyArray<HomeEvent> =>
  day.map((minutes, index) => {
    const camera = state.cameras[(index * 3 + (index >> 2)) % state.cameras.length]!
    const at = Timestamps.fromMillis(Date.now() - minutes * 60_000)
    return {
      kind: "motion",
      id: EventId.make(`screens:${index}`),
      occurredAt: at,
      observedAt: Timestamps.fromMillis(Date.parse(at) + 9_000 + index * 1_700),
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

const still = async (page: Page) => {
  await page
    .getByRole("button", { name: /^Play the clip of Porch/ })
    .first()
    .waitFor()
}

/** Disarmed from the morning until the evening. */
const arming = (state: AccountState): ReadonlyArray<HomeEvent> =>
  (
    [
      [870, "armed", "disarmed"],
      [230, "disarmed", "armed"],
    ] as const
  ).map(([minutes, from, to]) => {
    const at = Timestamps.fromMillis(Date.now() - minutes * 60_000)
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

describe.skipIf(!browserIsHere)("pictures of the page for the docs", () => {
  let stage: CloudStage
  beforeAll(async () => {
    stage = await openCloudStage()
    const state = await stage.state()
    await stage.tell(
      [...history(state), ...arming(state)].sort((a, b) => a.occurredAt.localeCompare(b.occurredAt)),
    )
    await stage.cloud.change({ camera: "Garage", set: { battery: "low" } })
    await stage.cloud.motion({ camera: "Porch", publish_after_ms: 0, duration: 5 })
    if (isKept) await mkdir(folder, { recursive: true })
  })
  afterAll(() => stage[Symbol.asyncDispose]())

  const shoot = async (
    name: string,
    options: BrowserContextOptions,
    prepare: (page: Page) => Promise<void>,
    query = "",
  ) => {
    await using browser = await openBrowser({ reducedMotion: "reduce", ...options })
    const page = await browser.open((await stage.link()).replace("/#", `/${query}#`))
    await page.getByTestId("arm-state").first().waitFor()
    await prepare(page)
    // Pictures on the screen are there; those below it are not waited for.
    await page.waitForFunction(() =>
      [...document.querySelectorAll("img")].every(
        (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
      ),
    )
    const picture = await page.screenshot(isKept ? { path: `${folder}${name}.png` } : {})
    assert.isAbove(picture.length, 20_000)
    assert.deepStrictEqual(browser.problems, [])
  }

  test("light", () => shoot("light", { colorScheme: "light" }, still))
  test("dark", () => shoot("dark", { colorScheme: "dark" }, still))
  test("phone", () => shoot("phone", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }, still))
  test("kiosk", () =>
    shoot("kiosk", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }, still, "?kiosk"))
  test("timeline", () =>
    shoot("timeline", { colorScheme: "light", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.getByRole("link", { name: "Timeline" }).click()
      await page.locator(".row").first().waitFor()
    }))
  test("clip", () =>
    shoot("clip", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page
        .getByRole("button", { name: /^Play the clip of Porch/ })
        .first()
        .click()
      await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 1)
    }))
  test("cost", () =>
    shoot("cost", { colorScheme: "light", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.getByRole("button", { name: "Watch Garage live" }).click()
      await page.getByText("Its battery is low already.").waitFor()
    }))
  test("live", () =>
    shoot("live", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.getByRole("button", { name: "Watch Living Room live" }).click()
      await page.waitForFunction(
        () => (document.querySelector<HTMLVideoElement>("dialog[open] video")?.currentTime ?? 0) > 1,
      )
    }))
  test("stale", async () => {
    await shoot("stale", { colorScheme: "light" }, async (page) => {
      await still(page)
      await stage.stop()
      await page.getByText("Not live.").waitFor()
    })
    await stage.start()
  })
  test("pin", () =>
    shoot("pin", { colorScheme: "dark" }, async (page) => {
      await stage.forgetInstall()
      await page.getByLabel("Password").fill(stage.cloud.account.password)
      await page.getByRole("button", { name: "Send" }).click()
      await page.getByRole("textbox", { name: "PIN" }).waitFor()
    }))
})
