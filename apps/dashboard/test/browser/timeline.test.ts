import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { armed, sampleAccount, motionAt, pressAt } from "./sampleAccount.ts"
import { startTestServer, type TestServer } from "./testServer.ts"

const daySeconds = 86_400

describe.skipIf(!browserAvailable)("Timeline view", () => {
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

  test("Timeline of a new page shows the events of past days", async () => {
    const page = await openTimeline()
    await page.getByRole("heading", { name: "Today" }).waitFor()
    assert.strictEqual(await page.locator(".row").count(), 3)
    await page.getByRole("button", { name: "Previous day" }).click()
    assert.strictEqual(await page.locator(".row").count(), 2)
    assert.isFalse(await page.getByRole("heading", { name: "Today" }).isVisible())
  })

  test("Timeline formats days and times in the browser's locale and the time zone of the system", async () => {
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
    await page.getByRole("button", { name: "Previous day" }).click()
    const day = (await page.getByRole("heading", { level: 1 }).textContent()) ?? ""
    assert.match(day, /^\w+, \d+\. \w+$/)
  })

  test("Timeline filters by event kind and by camera", async () => {
    const page = await openTimeline()
    await page.getByLabel("Doorbell").uncheck({ force: true })
    assert.strictEqual(await page.getByText("Doorbell pressed").count(), 0)
    await page.getByLabel("Doorbell").check({ force: true })
    await page.getByRole("button", { name: /^Entrance/ }).click()
    assert.strictEqual(await page.locator(".row").count(), 1)
    await page.getByText("Doorbell pressed").waitFor()
    await page.getByRole("button", { name: /^Entrance/ }).click()
    assert.strictEqual(await page.locator(".row").count(), 3)
  })

  test("Day timeline counts the events of each camera", async () => {
    const page = await openTimeline()
    await page.getByRole("button", { name: /^Porch\s*1 events/ }).waitFor()
    await server.append({ events: [motionAt(porch!, 30)] })
    await page.getByRole("button", { name: /^Porch\s*2 events/ }).waitFor()
  })

  test("Timeline shows the history of an account that is added while the page is open", async () => {
    const page = await openTimeline()
    const history = Array.from({ length: 40 }, (_, index) => motionAt(porch!, 3 * daySeconds - 60 * index))
    await server.append({ events: history.map((event) => ({ ...event, backfilled: true })) })
    for (const opened of [page, await openTimeline()]) {
      await opened.getByRole("button", { name: "Previous day" }).click()
      await opened.getByRole("button", { name: /^Porch\s*2 events/ }).waitFor()
      await opened.getByRole("button", { name: "Previous day" }).click()
      await opened.getByRole("button", { name: /^Porch\s*40 events/ }).waitFor()
    }
  })

  test("Timeline loads older events on demand, each once", async () => {
    const busy = Array.from({ length: 2_600 }, (_, index) => motionAt(porch!, 4 * daySeconds - index))
    await server.append({ events: busy })
    const page = await browser.open(await server.link())
    await page.getByRole("link", { name: "Timeline" }).click()
    await page.getByRole("button", { name: "Previous day" }).click()
    await page.getByRole("button", { name: /^Porch\s*2000 events/ }).waitFor()
    await page.getByRole("button", { name: "Load older events" }).click()
    await page.getByText("Start of the log").waitFor()
    await page.getByRole("button", { name: /^Porch\s*2600 events/ }).waitFor()
  })

  test("Media URLs are renewed before they expire", async () => {
    const page = await browser.context.newPage()
    await page.clock.install()
    await page.goto(await server.link())
    await page.locator(".row").first().waitFor()
    const renewed = page.waitForResponse(/\/v1\/events\?/)
    await page.clock.fastForward("20:30")
    assert.strictEqual((await renewed).status(), 200)
  })
})
