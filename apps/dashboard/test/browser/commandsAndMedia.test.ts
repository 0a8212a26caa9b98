import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { startReverseProxy } from "./reverseProxy.ts"
import { startEmulatedServer, type EmulatedServer } from "./emulatedServer.ts"

describe.skipIf(!browserAvailable)("Commands and media with an emulated cloud", () => {
  let server: EmulatedServer
  let browser: Browser
  beforeAll(async () => {
    server = await startEmulatedServer()
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })

  const armedInCloud = async (name: string) =>
    (await server.cloud.world()).networks.find((network) => network.name === name)?.armed

  test("Disarming asks for confirmation, is verified, and shows the same state on every page and in the cloud", async () => {
    const [page, other] = [await browser.open(await server.link()), await browser.open(await server.link())]
    await other.getByTestId("arm-state").first().waitFor()
    await page.getByRole("button", { name: "Disarm Home" }).click()
    await page.getByText("Stop recording motion?").waitFor()
    assert.strictEqual(await armedInCloud("Home"), true)
    // The confirm button has the focus.
    await page.keyboard.press("Enter")
    await page.getByRole("list", { name: "Progress of the command" }).waitFor()
    for (const each of [page, other])
      await each.getByRole("region", { name: "System Home" }).getByText("Disarmed", { exact: true }).waitFor()
    assert.strictEqual(await armedInCloud("Home"), false)

    await page.getByRole("button", { name: "Arm Home", exact: true }).click()
    await page.getByRole("region", { name: "System Home" }).getByText("Armed", { exact: true }).waitFor()
    assert.strictEqual(await armedInCloud("Home"), true)
  })

  test("Motion detection switch of a camera follows the state of the cloud", async () => {
    const page = await browser.open(await server.link())
    const toggle = page.getByRole("switch", { name: "Motion detection of Garden" })
    await toggle.click()
    await page.locator("[role=switch][aria-label*=Garden][aria-checked=false][aria-busy=false]").waitFor()
    const { cameras } = await server.cloud.world()
    assert.strictEqual(cameras.find(({ name }) => name === "Garden")?.enabled, false)
    // The cloud rejects a snooze while motion detection is off.
    assert.isTrue(await page.getByRole("button", { name: /^Snooze Garden/ }).isDisabled())
  })

  test("A snoozed camera is marked and can be unsnoozed", async () => {
    const page = await browser.open(await server.link())
    const card = page.getByRole("article", { name: "Camera Garage" })
    await card.getByRole("button", { name: /^Snooze Garage/ }).click()
    await card.getByText("Snoozed", { exact: true }).waitFor()
    await card.getByRole("button", { name: /^Unsnooze Garage/ }).click()
    await card.getByText("Snoozed", { exact: true }).waitFor({ state: "detached" })
  })

  test("A new picture replaces the previous one on the camera card", async () => {
    const page = await browser.open(await server.link())
    const card = page.getByRole("article", { name: "Camera Porch" })
    await card.locator(".thumbnail[data-state=shown]").waitFor()
    const source = () => card.locator("img").getAttribute("src")
    const before = await source()
    await card.getByRole("button", { name: "New picture from Porch" }).click()
    await page.waitForFunction(
      (old) => document.querySelector("article[aria-label='Camera Porch'] img")?.getAttribute("src") !== old,
      before,
    )
  })

  test("The clip of a motion plays in a dialog and can be sought and downloaded", async () => {
    const page = await browser.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    await server.cloud.motion({ camera: "Porch", publish_after_ms: 0, duration: 5 })
    const play = page.getByRole("button", { name: /^Play the clip of Porch/ }).first()
    await play.waitFor()
    await play.click()
    const video = page.locator("dialog video")
    await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2)
    await video.evaluate((element: HTMLVideoElement) => {
      element.currentTime = element.duration / 2
    })
    await page.waitForFunction(() => document.querySelector("video")?.seeking === false)
    const download = page.waitForEvent("download")
    await page.getByRole("link", { name: "Download" }).click()
    assert.match((await download).suggestedFilename(), /^clip-.*\.mp4$/)
    await page.keyboard.press("Escape")
    await video.waitFor({ state: "detached" })
  })

  test("A clip is deleted in the cloud and on the page after a confirmation", async () => {
    const page = await browser.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    const deletedIds = async () =>
      (await server.cloud.world()).media.flatMap(({ id, deleted }) => (deleted ? [id] : []))
    const before = await deletedIds()
    await server.cloud.motion({ camera: "Garage", publish_after_ms: 0, duration: 5 })
    // The first clip is one of history or the new one.
    await page
      .getByRole("button", { name: /^Play the clip of Garage/ })
      .first()
      .click()
    const dialog = page.getByRole("dialog")
    await dialog.getByRole("button", { name: "Delete" }).click()
    await dialog.getByText("Delete this clip permanently?").waitFor()
    await dialog.getByRole("button", { name: "Delete" }).click()
    await dialog.getByText("This clip has been deleted.").waitFor()
    assert.strictEqual((await deletedIds()).length, before.length + 1)
    await page.keyboard.press("Escape")
    await page.getByText("clip deleted").waitFor()
  })

  test("Pictures, clips and live views work under the sub-path of a reverse proxy", async () => {
    const behind = await startReverseProxy(server.url)
    try {
      const page = await browser.open((await server.link()).replace(server.url, behind.url))
      const card = page.getByRole("article", { name: "Camera Living Room" })
      await card.locator(".thumbnail[data-state=shown]").waitFor()
      await server.cloud.motion({ camera: "Porch", publish_after_ms: 0, duration: 5 })
      await page
        .getByRole("button", { name: /^Play the clip of Porch/ })
        .first()
        .click()
      await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2)
      await page.keyboard.press("Escape")
      await card.getByRole("button", { name: "Watch Living Room live" }).click()
      await page.getByRole("dialog").getByText("Live", { exact: true }).waitFor()
      await page.close()
    } finally {
      behind.close()
    }
  })

  test("A slow picture shows a loading text, a broken one a retry button", async () => {
    const page = await browser.context.newPage()
    const held = new Promise<void>((release) => page.once("close", () => release()))
    await page.route("**/v1/media/**", () => held)
    await page.goto(await server.link())
    const card = page.getByRole("article", { name: "Camera Porch" })
    await card.getByText("Still loading…").waitFor()

    await page.unroute("**/v1/media/**")
    await page.route("**/v1/media/**", (route) => route.abort())
    await page.reload()
    await card.getByText("Picture can’t be displayed").waitFor()
    await page.unroute("**/v1/media/**")
    await card.getByRole("button", { name: "Try again" }).click()
    await card.locator(".thumbnail[data-state=shown]").waitFor()
    await page.close()
  })
})
