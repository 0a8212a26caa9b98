import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser, type Page } from "./browser.ts"
import { startEmulatedServer, type EmulatedServer } from "./emulatedServer.ts"

/** Waits until the video has played for 0.5 s. */
const plays = (page: Page) =>
  page.waitForFunction(
    () => (document.querySelector<HTMLVideoElement>("dialog[open] video")?.currentTime ?? 0) > 0.5,
  )

describe.skipIf(!browserAvailable)("Live view", () => {
  let server: EmulatedServer
  let browser: Browser
  beforeAll(async () => {
    server = await startEmulatedServer()
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })

  const countRequests = async (path: RegExp) =>
    (await server.cloud.requests()).filter((request) => path.test(request.path)).length

  /** Number of live sessions that were ended at the cloud. */
  const countEnded = () => countRequests(/\/command\/\d+\/done/)
  const waitForEnded = async (count: number) => {
    while ((await countEnded()) < count) await new Promise((next) => setTimeout(next, 50))
  }

  test("Live view of a camera on mains power starts at once, and its session ends with the dialog", async () => {
    const page = await browser.context.newPage()
    const scripts: Array<string> = []
    page.on("request", (each) => each.resourceType() === "script" && scripts.push(each.url()))
    await page.goto(await server.link())
    const before = await countEnded()
    const watch = page.getByRole("button", { name: "Watch Living Room live" })
    await watch.waitFor()
    const atFirst = scripts.length
    await watch.click()
    await plays(page)
    assert.isAbove(scripts.length, atFirst, "the player is loaded on demand")
    const dialog = page.getByRole("dialog")
    await dialog.getByText("Live", { exact: true }).waitFor()
    assert.notInclude(await dialog.innerText(), "battery")
    await page.keyboard.press("Escape")
    await waitForEnded(before + 1)
    assert.isTrue(await watch.evaluate((button) => button === document.activeElement))
  })

  test("Live view of a battery camera starts only after a confirmation", async () => {
    const page = await browser.open(await server.link())
    const [started, before] = [await countRequests(/\/liveview/), await countEnded()]
    await page.getByRole("button", { name: "Watch Porch live" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByText("A live view drains its battery quickly").waitFor()
    assert.strictEqual(await countRequests(/\/liveview/), started)
    await page.keyboard.press("Enter")
    await dialog.getByText("Waking the camera…").waitFor()
    await plays(page)
    await dialog.getByText(/using the battery/).waitFor()
    await dialog.getByRole("button", { name: "Stop" }).click()
    await dialog.getByText("Live view stopped.").waitFor()
    await waitForEnded(before + 1)
    await dialog.getByRole("button", { name: "Close" }).click()
  })

  test("Live view shows an error message and can be started again", async () => {
    const page = await browser.open(await server.link())
    const { id } = await server.cloud.fault({
      match: { path: "/liveview" },
      do: { status: 409, body: { message: "System is busy, please wait", code: 307 } },
    })
    await page.getByRole("button", { name: "Watch Living Room live" }).click()
    const dialog = page.getByRole("dialog")
    await dialog
      .getByRole("alert")
      .getByText(/\w+ \w+/)
      .waitFor()
    await server.cloud.clearFaults(id)
    await dialog.getByRole("button", { name: "Watch again" }).click()
    await plays(page)
    await dialog.getByRole("button", { name: "Close" }).click()
  })
})
