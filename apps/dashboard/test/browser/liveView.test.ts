import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser, type Page } from "./browser.ts"
import { startEmulatedServer, type EmulatedServer } from "./emulatedServer.ts"

/** Moving pictures of an awake camera, not a first one that stands still. */
const plays = (page: Page) =>
  page.waitForFunction(
    () => (document.querySelector<HTMLVideoElement>("dialog[open] video")?.currentTime ?? 0) > 0.5,
  )

describe.skipIf(!browserAvailable)("the live view", () => {
  let server: EmulatedServer
  let browser: Browser
  beforeAll(async () => {
    server = await startEmulatedServer()
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })

  const countRequests = async (path: RegExp) =>
    (await server.cloud.requests()).filter((request) => path.test(request.path)).length

  /** How many sessions the cloud has been asked to end. */
  const countEnded = () => countRequests(/\/command\/\d+\/done/)
  const waitForEnded = async (count: number) => {
    while ((await countEnded()) < count) await new Promise((next) => setTimeout(next, 50))
  }

  test("a camera on the mains shows at once, and its session ends with the dialog", async () => {
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
    assert.isAbove(scripts.length, atFirst, "what plays it is loaded on demand")
    const dialog = page.getByRole("dialog")
    await dialog.getByText("Live", { exact: true }).waitFor()
    assert.notInclude(await dialog.innerText(), "battery")
    await page.keyboard.press("Escape")
    await waitForEnded(before + 1)
    assert.isTrue(await watch.evaluate((button) => button === document.activeElement))
  })

  test("a camera on a battery is not woken before its cost was told", async () => {
    const page = await browser.open(await server.link())
    const [started, before] = [await countRequests(/\/liveview/), await countEnded()]
    await page.getByRole("button", { name: "Watch Porch live" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByText("Nothing drains its battery faster").waitFor()
    assert.strictEqual(await countRequests(/\/liveview/), started)
    await page.keyboard.press("Enter")
    await dialog.getByText("Waking the camera…").waitFor()
    await plays(page)
    await dialog.getByText(/at the cost of its battery/).waitFor()
    await dialog.getByRole("button", { name: "Stop" }).click()
    await dialog.getByText("You have stopped it.").waitFor()
    await waitForEnded(before + 1)
    await dialog.getByRole("button", { name: "Close" }).click()
  })

  test("what goes wrong has words, and another try", async () => {
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
    await server.cloud.faults.clear(id)
    await dialog.getByRole("button", { name: "Watch again" }).click()
    await plays(page)
    await dialog.getByRole("button", { name: "Close" }).click()
  })
})
