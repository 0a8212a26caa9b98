import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { AccountId, timestampFromMillis } from "@blink-streams/model"
import { camera, network } from "../fixtures.ts"
import { armed, sampleAccount, motionAt, pressAt } from "./sampleAccount.ts"
import { startTestServer, type TestServer } from "./testServer.ts"

describe.skipIf(!browserAvailable)("the home in a browser", () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    server = await startTestServer(sampleAccount())
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })
  const porch = sampleAccount().cameras[0]!
  const doorbell = sampleAccount().cameras[3]!

  test("networks show their arm state with its age, and unknown is not disarmed", async () => {
    const page = await browser.open(await server.link())
    const home = page.getByRole("region", { name: "Network Home" })
    await home.getByText("Armed", { exact: true }).waitFor()
    await home.getByText(/^as of .* ago$/).waitFor()
    const cabin = page.getByRole("region", { name: "Network Cabin" })
    assert.strictEqual(await cabin.getByTestId("arm-state").textContent(), "Unknown")
    assert.isTrue(await cabin.getByRole("button", { name: "Arm Cabin", exact: true }).isVisible())
    assert.isTrue(await cabin.getByRole("button", { name: "Disarm Cabin" }).isVisible())
  })

  test("who keeps a network armed after all is where they were before the question", async () => {
    const page = await browser.open(await server.link())
    const disarm = page.getByRole("button", { name: "Disarm Home" })
    await disarm.click()
    await page.getByText("Stop recording motion here?").waitFor()
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

  test("cameras that need somebody come first and say why", async () => {
    const page = await browser.open(await server.link())
    const cards = page.getByRole("region", { name: "Network Home" }).getByRole("article")
    await cards.first().waitFor()
    const labels = await cards.evaluateAll((all) => all.map((card) => card.getAttribute("aria-label")))
    assert.deepStrictEqual(labels, ["Camera Garage", "Camera Garden", "Camera Front Door", "Camera Porch"])
    await page.getByRole("article", { name: "Camera Garage" }).getByText("Offline", { exact: true }).waitFor()
    await page.getByRole("article", { name: "Camera Garden" }).getByText("Battery low").first().waitFor()
    await page.getByText("2 cameras need you:").waitFor()
  })

  test("a motion appears once in the feed and on its card; a press is told apart from it", async () => {
    const page = await browser.open(await server.link())
    const feed = page.getByRole("region", { name: "Feed" })
    await page.getByRole("article", { name: "Camera Porch" }).getByText("6 min ago").waitFor()
    await server.append({ events: [motionAt(porch)] })
    await feed.getByText("Motion, 7 s").waitFor()
    assert.strictEqual(await feed.locator(".row").count(), 1)
    await feed.getByText("+21 s").waitFor()
    await page
      .getByRole("article", { name: "Camera Porch" })
      .getByText(/^2\d s ago$/)
      .waitFor()
    await server.append({ events: [pressAt(doorbell)] })
    await feed.getByText("Doorbell pressed").waitFor()
  })

  test("two pages follow one home, and an arm change is on both", async () => {
    const [first, second] = [await browser.open(await server.link()), await browser.open(await server.link())]
    await first.getByTestId("arm-state").first().waitFor()
    await second.getByTestId("arm-state").first().waitFor()
    await server.append({ events: [armed("armed", "disarmed")] })
    for (const page of [first, second])
      await page
        .getByRole("region", { name: "Network Home" })
        .getByText("Disarmed", { exact: true })
        .waitFor()
    await server.append({ events: [armed("disarmed", "armed")], state: sampleAccount() })
  })

  test("a burst is one row with its count", async () => {
    const page = await browser.open(await server.link())
    await server.append({ events: [motionAt(porch), motionAt(porch), motionAt(porch)] })
    await page.getByRole("region", { name: "Feed" }).getByText(/×\d/).first().waitFor()
  })

  test("a paused feed stands still and counts what is new", async () => {
    const page = await browser.open(await server.link())
    await page.getByRole("button", { name: "Pause the feed" }).click()
    const rows = page.getByRole("region", { name: "Feed" }).locator(".row")
    const before = await rows.allTextContents()
    await server.append({ events: [motionAt(porch), pressAt(doorbell)] })
    await page.getByText("2 new").waitFor()
    assert.deepStrictEqual(await rows.allTextContents(), before)
    await page.getByRole("button", { name: "Go on with the feed" }).click()
    await page.getByText("2 new").waitFor({ state: "detached" })
  })

  test("a name out of the cloud is text, whatever it holds", async () => {
    const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>\u202Egnp`
    const page = await browser.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    await server.append({ state: sampleAccount({ cameras: [camera(9, { name: hostile })] }) })
    await page.getByRole("heading", { name: "<img src=x" }).waitFor()
    assert.strictEqual(await page.locator("h3 bdi img, h3 bdi script").count(), 0)
    assert.strictEqual(await page.title(), "blink-streams")
    await server.append({ state: sampleAccount() })
  })

  test("several accounts stand one below the other, each under its number", async () => {
    const other = AccountId.make(8)
    await server.append({
      account: other,
      state: sampleAccount({ account: other, networks: [network(9, { name: "Parents" })], cameras: [] }),
    })
    const page = await browser.open(await server.link())
    await page.getByText("Account 7", { exact: true }).waitFor()
    await page.getByText("Account 8", { exact: true }).waitFor()
    await page.getByText("account 7", { exact: true }).waitFor()
    // The one that is not well is the one that the header tells of, with its own facts.
    const throttledUntil = timestampFromMillis(Date.now() + 3_000_000)
    await server.append({
      account: other,
      state: sampleAccount({ account: other, networks: [], budget: { callsLeft: 3, throttledUntil } }),
    })
    const header = page.getByRole("banner")
    await header.getByText(/^Throttled until \d\d:\d\d$/).waitFor()
    await header.getByText("account 8", { exact: true }).waitFor()
    await header.getByText("3 calls left").waitFor()
    await server.append({
      account: other,
      state: sampleAccount({ account: other, networks: [network(9, { name: "Parents" })], cameras: [] }),
    })
    await page
      .getByRole("region", { name: "Network Parents" })
      .getByText("No cameras in this network.")
      .waitFor()
    await page.getByRole("link", { name: "Account", exact: true }).click()
    await page.getByRole("region", { name: "Account 8" }).waitFor()
  })

  test("on a phone nothing runs off the side", async () => {
    const long = "A name that is far longer than anybody would ever give to a house or to a camera in it"
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

  test("a kiosk shows the home only", async () => {
    const page = await browser.open((await server.link()).replace("/#", "/?kiosk#"))
    await page.getByTestId("arm-state").first().waitFor()
    assert.isFalse(await page.getByRole("navigation").isVisible())
    assert.isTrue(new URL(page.url()).searchParams.has("kiosk"))
  })

  test("motion notifies once per camera and cool-down, and only what is not muted", async () => {
    const page = await browser.context.newPage()
    // The headless shell denies notifications whatever is granted, so this much of the platform stands in for it.
    await page.addInitScript(() => {
      Object.defineProperty(Notification, "permission", { get: () => "granted" })
      ServiceWorkerRegistration.prototype.showNotification = async (title, options) => {
        document.documentElement.dataset["shown"] =
          `${document.documentElement.dataset["shown"] ?? ""}${title}: ${options?.body};`
      }
    })
    await page.goto(await server.link())
    await page.getByRole("link", { name: "Account" }).click()
    await page.getByLabel("Show motion and doorbell presses").check()
    await page.getByRole("group", { name: "Cameras" }).getByLabel("Front Door").uncheck()
    await server.append({ events: [pressAt(doorbell), motionAt(porch), motionAt(porch)] })
    // All three are on the page before anything is compared.
    await page.getByRole("link", { name: "Home", exact: true }).click()
    await page.getByRole("region", { name: "Feed" }).getByText(/×\d/).first().waitFor()
    await page.locator("html[data-shown]").waitFor({ state: "attached" })
    assert.strictEqual(await page.locator("html").getAttribute("data-shown"), "Porch: Motion, 7 s;")
  })
})
