import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { armed, sampleAccount, motionAt, pressAt } from "./sampleAccount.ts"
import { startTestServer, type TestServer } from "./testServer.ts"

const daySeconds = 86_400

describe.skipIf(!browserAvailable)("the timeline", () => {
  let server: TestServer
  let browser: Browser
  const [porch, , , doorbell] = sampleAccount().cameras
  beforeAll(async () => {
    server = await startTestServer(sampleAccount())
    await server.append({
      events: [
        motionAt(porch!, 2 * daySeconds),
        motionAt(porch!, 2 * daySeconds - 60),
        armed("disarmed", "armed", 90),
        motionAt(porch!, 60),
        pressAt(doorbell!),
      ],
    })
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })

  const openTimeline = async () => {
    const page = await browser.open(await server.link())
    await page.getByRole("link", { name: "Timeline" }).click()
    await page.locator(".row").first().waitFor()
    return page
  }

  test("a fresh page knows what happened before it, by day", async () => {
    const page = await openTimeline()
    await page.getByRole("heading", { name: "Today" }).waitFor()
    assert.strictEqual(await page.locator(".row").count(), 3)
    await page.getByRole("button", { name: "The day before" }).click()
    assert.strictEqual(await page.locator(".row").count(), 2)
    assert.isFalse(await page.getByRole("heading", { name: "Today" }).isVisible())
  })

  test("days and times are told in the reader's words and by the home's clock", async () => {
    await using reader = await openBrowser({ locale: "de-DE", timezoneId: "Pacific/Honolulu" })
    const page = await reader.open(await server.link())
    await page.getByRole("link", { name: "Timeline" }).click()
    const row = page.locator(".row", { hasText: "Doorbell pressed" })
    const time = row.locator("time")
    const { timeZone } = sampleAccount().networks[0]!
    const pressedAt = new Date((await time.getAttribute("datetime")) ?? "")
    const format = new Intl.DateTimeFormat("de-DE", {
      hour: "2-digit",
      minute: "2-digit",
      ...(timeZone === null ? {} : { timeZone }),
    })
    assert.strictEqual(await time.textContent(), format.format(pressedAt))
    await page.getByRole("button", { name: "The day before" }).click()
    const day = (await page.getByRole("heading", { level: 1 }).textContent()) ?? ""
    assert.match(day, /^\w+, \d+\. \w+$/)
  })

  test("kinds and cameras filter, by the controls and by the lanes of the strip", async () => {
    const page = await openTimeline()
    await page.getByLabel("Doorbell").uncheck({ force: true })
    assert.strictEqual(await page.getByText("Doorbell pressed").count(), 0)
    await page.getByLabel("Doorbell").check({ force: true })
    await page.getByRole("button", { name: /^Front Door/ }).click()
    assert.strictEqual(await page.locator(".row").count(), 1)
    await page.getByText("Doorbell pressed").waitFor()
    await page.getByRole("button", { name: /^Front Door/ }).click()
    assert.strictEqual(await page.locator(".row").count(), 3)
  })

  test("the strip counts each camera's day", async () => {
    const page = await openTimeline()
    await page.getByRole("button", { name: /^Porch\s*1 times active/ }).waitFor()
    await server.append({ events: [motionAt(porch!, 30)] })
    await page.getByRole("button", { name: /^Porch\s*2 times active/ }).waitFor()
  })

  test("what lies further back than a fresh page reads is there on demand, once", async () => {
    const busy = Array.from({ length: 2_600 }, (_, index) => motionAt(porch!, 4 * daySeconds - index))
    await server.append({ events: busy })
    const page = await browser.open(await server.link())
    await page.getByRole("link", { name: "Timeline" }).click()
    await page.getByRole("button", { name: "The day before" }).click()
    await page.getByRole("button", { name: /^Porch\s*2000 times active/ }).waitFor()
    await page.getByRole("button", { name: "Read further back in the log" }).click()
    await page.getByText("The log begins here").waitFor()
    await page.getByRole("button", { name: /^Porch\s*2600 times active/ }).waitFor()
  })

  test("addresses of pictures and clips are renewed before they lapse", async () => {
    const page = await browser.context.newPage()
    await page.clock.install()
    await page.goto(await server.link())
    await page.locator(".row").first().waitFor()
    const renewed = page.waitForResponse(/\/v1\/events\?after=/)
    await page.clock.fastForward("20:30")
    assert.strictEqual((await renewed).status(), 200)
  })
})
