import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { AccountId, timestampFromMillis } from "@blink-streams/model"
import { camera, network } from "../fixtures.ts"
import { armed, sampleAccount, motionAt, pressAt } from "./sampleAccount.ts"
import { startTestServer, type TestServer } from "./testServer.ts"

describe.skipIf(!browserAvailable)("Home view", () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    server = await startTestServer(sampleAccount())
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })
  const porch = sampleAccount().cameras[0]!
  const garden = sampleAccount().cameras[1]!
  const doorbell = sampleAccount().cameras[3]!

  test("Home view shows the arm state of each system with its age, and an unknown state as unknown", async () => {
    const page = await browser.open(await server.link())
    const home = page.getByRole("region", { name: "System Home" })
    await home.getByText("Armed", { exact: true }).waitFor()
    await home.getByText(/^updated .* ago$/).waitFor()
    const cabin = page.getByRole("region", { name: "System Cabin" })
    assert.strictEqual(await cabin.getByTestId("arm-state").textContent(), "Unknown")
    assert.isTrue(await cabin.getByRole("button", { name: "Arm Cabin", exact: true }).isVisible())
    assert.isTrue(await cabin.getByRole("button", { name: "Disarm Cabin" }).isVisible())
  })

  test("Cancelling a disarm confirmation returns the focus to the Disarm button", async () => {
    const page = await browser.open(await server.link())
    const disarm = page.getByRole("button", { name: "Disarm Home" })
    await disarm.click()
    await page.getByText("Stop recording motion?").waitFor()
    await page.keyboard.press("Escape")
    await page.waitForFunction(
      (label) => document.activeElement?.getAttribute("aria-label") === label,
      "Disarm Home",
    )
    await disarm.click()
    await page.getByRole("button", { name: "Keep armed" }).click()
    await page.waitForFunction(
      (label) => document.activeElement?.getAttribute("aria-label") === label,
      "Disarm Home",
    )
  })

  test("Cameras that need attention are listed first with the reason", async () => {
    const page = await browser.open(await server.link())
    const cards = page.getByRole("region", { name: "System Home" }).getByRole("article")
    await cards.first().waitFor()
    const labels = await cards.evaluateAll((all) => all.map((card) => card.getAttribute("aria-label")))
    assert.deepStrictEqual(labels, ["Camera Garage", "Camera Garden", "Camera Entrance", "Camera Porch"])
    await page.getByRole("article", { name: "Camera Garage" }).getByText("Offline", { exact: true }).waitFor()
    await page.getByRole("article", { name: "Camera Garden" }).getByText("Battery low").first().waitFor()
    await page.getByText("2 cameras need attention:").waitFor()
  })

  test("A motion appears once in the feed and on its card, a doorbell press as its own row", async () => {
    const page = await browser.open(await server.link())
    const feed = page.getByRole("region", { name: "Feed" })
    await page.getByRole("article", { name: "Camera Porch" }).getByText("6 min ago").waitFor()
    await server.append({ events: [motionAt(porch)] })
    await feed.getByText("Motion detected, 7 s").waitFor()
    assert.strictEqual(await feed.locator(".row").count(), 1)
    await feed.getByText("+21 s").waitFor()
    await page
      .getByRole("article", { name: "Camera Porch" })
      .getByText(/^2\d s ago$/)
      .waitFor()
    await server.append({ events: [pressAt(doorbell)] })
    await feed.getByText("Doorbell pressed").waitFor()
  })

  test("An arm change appears on two pages of the same account", async () => {
    const [first, second] = [await browser.open(await server.link()), await browser.open(await server.link())]
    await first.getByTestId("arm-state").first().waitFor()
    await second.getByTestId("arm-state").first().waitFor()
    await server.append({ events: [armed("armed", "disarmed")] })
    for (const page of [first, second])
      await page.getByRole("region", { name: "System Home" }).getByText("Disarmed", { exact: true }).waitFor()
    await server.append({ events: [armed("disarmed", "armed")], state: sampleAccount() })
  })

  test("A burst of motions is one row with its count", async () => {
    const page = await browser.open(await server.link())
    await server.append({ events: [motionAt(porch), motionAt(porch), motionAt(porch)] })
    await page.getByRole("region", { name: "Feed" }).getByText(/×\d/).first().waitFor()
  })

  test("A paused feed keeps its rows and counts new events", async () => {
    const page = await browser.open(await server.link())
    await page.getByRole("button", { name: "Pause the feed" }).click()
    const rows = page.getByRole("region", { name: "Feed" }).locator(".row")
    const before = await rows.allTextContents()
    await server.append({ events: [motionAt(porch), pressAt(doorbell)] })
    await page.getByText("2 new").waitFor()
    assert.deepStrictEqual(await rows.allTextContents(), before)
    await page.getByRole("button", { name: "Resume the feed" }).click()
    await page.getByText("2 new").waitFor({ state: "detached" })
  })

  test("A camera name with HTML is rendered as text", async () => {
    const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>\u202Egnp`
    const page = await browser.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    await server.append({ state: sampleAccount({ cameras: [camera(9, { name: hostile })] }) })
    await page.getByRole("heading", { name: "<img src=x" }).waitFor()
    assert.strictEqual(await page.locator("h3 bdi img, h3 bdi script").count(), 0)
    assert.strictEqual(await page.title(), "blink-streams")
    await server.append({ state: sampleAccount() })
  })

  test("Several accounts are listed with their ids, and the header shows the one with a problem", async () => {
    const other = AccountId.make(8)
    await server.append({
      account: other,
      state: sampleAccount({ account: other, networks: [network(9, { name: "Parents" })], cameras: [] }),
    })
    const page = await browser.open(await server.link())
    await page.getByText("Account 7", { exact: true }).waitFor()
    await page.getByText("Account 8", { exact: true }).waitFor()
    await page.getByText("account 7", { exact: true }).waitFor()
    // The header shows the account with a problem.
    const throttledUntil = timestampFromMillis(Date.now() + 3_000_000)
    await server.append({
      account: other,
      state: sampleAccount({ account: other, networks: [], budget: { callsLeft: 3, throttledUntil } }),
    })
    const header = page.getByRole("banner")
    await header.getByText(/^Throttled until \d\d:\d\d$/).waitFor()
    await header.getByText("account 8", { exact: true }).waitFor()
    await header.getByText("3 requests left this hour").waitFor()
    await server.append({
      account: other,
      state: sampleAccount({ account: other, networks: [network(9, { name: "Parents" })], cameras: [] }),
    })
    await page
      .getByRole("region", { name: "System Parents" })
      .getByText("No cameras in this system.")
      .waitFor()
    await page.getByRole("link", { name: "Account", exact: true }).click()
    await page.getByRole("region", { name: "Account 8" }).waitFor()
  })

  test("No view is wider than the screen of a phone", async () => {
    const long = "A name that is far longer than any realistic name of a system or of one of its cameras"
    await server.append({
      state: sampleAccount({
        networks: [network(1, { name: long })],
        cameras: [1, 2, 3].map((id) => camera(id, { name: `${long} ${id}` })),
      }),
    })
    const page = await browser.open(await server.link())
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole("article", { name: `${long} 3` }).waitFor()
    for (const view of ["Home", "Timeline", "Account"]) {
      await page.getByRole("link", { name: view, exact: true }).click()
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      assert.isAtMost(over, 0, view)
    }
    await server.append({ state: sampleAccount() })
  })

  test("Kiosk mode shows the home view without navigation", async () => {
    const page = await browser.open((await server.link()).replace("/#", "/?kiosk#"))
    await page.getByTestId("arm-state").first().waitFor()
    assert.isFalse(await page.getByRole("navigation").isVisible())
    assert.isTrue(new URL(page.url()).searchParams.has("kiosk"))
  })

  test("Motion notifies once per camera and cool-down, and never for muted cameras or history", async () => {
    const page = await browser.context.newPage()
    // Headless Chromium denies notifications even when they are granted, so the two APIs are mocked.
    await page.addInitScript(() => {
      Object.defineProperty(Notification, "permission", { get: () => "granted" })
      ServiceWorkerRegistration.prototype.showNotification = async (title, options) => {
        document.documentElement.dataset["shown"] =
          `${document.documentElement.dataset["shown"] ?? ""}${title}: ${options?.body};`
      }
    })
    await page.goto(await server.link())
    await page.getByRole("link", { name: "Account" }).click()
    await page.getByLabel("Notify about motion and doorbell presses").check()
    await page.getByRole("group", { name: "Cameras" }).getByLabel("Entrance").uncheck()
    const history = { ...motionAt(garden, 30), backfilled: true } as const
    await server.append({ events: [history, pressAt(doorbell), motionAt(porch), motionAt(porch)] })
    // Waits until all events are on the page.
    await page.getByRole("link", { name: "Home", exact: true }).click()
    await page.getByRole("region", { name: "Feed" }).getByText(/×\d/).first().waitFor()
    await page.getByRole("region", { name: "Feed" }).getByText(garden.name).first().waitFor()
    await page.locator("html[data-shown]").waitFor({ state: "attached" })
    assert.strictEqual(await page.locator("html").getAttribute("data-shown"), "Porch: Motion detected, 7 s;")
  })
})
