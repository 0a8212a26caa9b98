import { beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { largeAccount, motionAt } from "./sampleAccount.ts"
import { startTestServer, type TestServer } from "./testServer.ts"

describe.skipIf(!browserAvailable)("Large account", () => {
  const large = largeAccount(500)
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    server = await startTestServer(large)
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })

  test("Page shows 500 cameras and every event at 50 events per second", async () => {
    const page = await browser.open(await server.link())
    await page.waitForFunction(() => document.querySelectorAll(".card").length === 500)
    const total = 250
    for (let sent = 0; sent < total; sent += 5)
      await Promise.all([
        server.append({ events: large.cameras.slice(sent, sent + 5).map((camera) => motionAt(camera)) }),
        new Promise((next) => setTimeout(next, 100)),
      ])
    const last = large.cameras[total - 1]!.name
    await page.getByRole("region", { name: "Feed" }).getByText(last, { exact: true }).waitFor()
    await page.getByRole("link", { name: "Timeline" }).click()
    for (const more of [1, 2]) {
      await page.waitForFunction((rows) => document.querySelectorAll(".row").length >= rows, more * 100)
      await page.getByRole("button", { name: "Show more" }).click()
    }
    await page.waitForFunction((rows) => document.querySelectorAll(".row").length === rows, total)
  })
})
