import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { sampleAccount, motionAt } from "./sampleAccount.ts"
import { startReverseProxy } from "./reverseProxy.ts"
import { startTestServer, type TestServer } from "./testServer.ts"

describe.skipIf(!browserAvailable)("Connection", () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    server = await startTestServer(sampleAccount())
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })
  const porch = sampleAccount().cameras[0]!

  test("The one-time code is removed from the URL, works once, and a reload stays signed in", async () => {
    const link = await server.link()
    const page = await browser.open(link)
    await page.getByTestId("arm-state").first().waitFor()
    assert.notInclude(page.url(), "code")
    await page.reload()
    await page.getByTestId("arm-state").first().waitFor()

    await using other = await openBrowser()
    const second = await other.open(link)
    await second.getByRole("alert").getByText("This link has already been used").waitFor()
    await second.getByRole("heading", { name: "Sign in with a token" }).waitFor()
  })

  test("Page without a token shows the token prompt and an error for an invalid token", async () => {
    await using other = await openBrowser()
    const page = await other.open(server.url)
    await page.getByLabel("Token").fill("not-a-token")
    await page.getByRole("button", { name: "Open" }).click()
    await page.getByRole("alert").getByText("does not accept this token").waitFor()
  })

  test("Page shows that the connection is lost, and after the reconnect has every event exactly once", async () => {
    const page = await browser.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    await server.append({ events: [motionAt(porch, 4_000)] })
    const rows = page.getByRole("region", { name: "Feed" }).locator(".row")
    await rows.first().waitFor()
    const before = await rows.count()

    await server.stop()
    await page.getByRole("alert").getByText("Connection lost.").waitFor()
    assert.isTrue(await page.getByRole("button", { name: "Disarm Home" }).isDisabled())
    await server.append({ events: [motionAt(porch, 3_000), motionAt(porch, 2_000)] })
    await server.start()

    await page.getByRole("alert").getByText("Connection lost.").waitFor({ state: "detached" })
    await page.getByText("Loaded from the log").waitFor()
    await page.waitForFunction(
      (count) => document.querySelectorAll(".feed .row").length === count,
      before + 2,
    )
    assert.isTrue(await page.getByRole("button", { name: "Disarm Home" }).isEnabled())
  })

  test("Page shows a gap when the log no longer keeps the events since its last position", async () => {
    await using small = await startTestServer(sampleAccount(), 20)
    await using reader = await openBrowser()
    const page = await reader.open(await small.link())
    await page.getByTestId("arm-state").first().waitFor()
    await small.append({ events: [motionAt(porch)] })
    await page.locator(".feed .row").first().waitFor()
    await small.stop()
    for (let batch = 0; batch < 10; batch++)
      await small.append({ events: Array.from({ length: 100 }, () => motionAt(porch)) })
    await small.start()
    const feed = page.getByRole("region", { name: "Feed" })
    await feed.getByText("Gap", { exact: true }).waitFor()
    await feed.getByText(/Events are missing: older than the log keeps/).waitFor()
    await page.getByRole("link", { name: "Timeline" }).click()
    await page.getByText("Gap", { exact: true }).waitFor()
  })

  test("Page and websocket work under the sub-path of a reverse proxy", async () => {
    const behind = await startReverseProxy(server.url)
    try {
      const page = await browser.open((await server.link()).replace(server.url, behind.url))
      await page.getByTestId("arm-state").first().waitFor()
      await page.getByText("Live", { exact: true }).first().waitFor()
    } finally {
      behind.close()
    }
  })

  test("Page connects to its own origin only, and its Content-Security-Policy blocks inline scripts", async () => {
    await using fresh = await openBrowser()
    const origins = new Set<string>()
    fresh.context.on("request", (each) => origins.add(new URL(each.url()).origin))
    const page = await fresh.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    assert.deepStrictEqual([...origins], [new URL(server.url).origin])
    const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content")
    assert.notInclude(policy ?? "", "unsafe")
    assert.deepStrictEqual(fresh.errors, [])
    const ran = await page.evaluate(() => {
      const script = document.createElement("script")
      script.textContent = "document.title = 'owned'"
      document.head.append(script)
      return document.title
    })
    assert.strictEqual(ran, "blink-streams")
  })

  test("Installed page opens while the broadcaster is unreachable", async () => {
    await using fresh = await openBrowser()
    const page = await fresh.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    await page.evaluate(() => navigator.serviceWorker.ready)
    // The service worker intercepts only requests after its activation.
    await page.reload()
    await page.getByTestId("arm-state").first().waitFor()
    const manifest = await page.evaluate(async () => (await fetch("manifest.webmanifest")).json())
    assert.strictEqual(manifest.display, "standalone")
    // Other responses of the broadcaster, opened as a page, are not cached.
    const health = await fresh.context.newPage()
    await health.goto(`${server.url}healthz`)
    const cached = await page.evaluate(async () => {
      const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
      return (await Promise.all(stores.map((store) => store.keys())))
        .flat()
        .map(({ url }) => new URL(url).pathname)
    })
    assert.include(cached, "/")
    assert.deepStrictEqual(
      cached.filter((path) => !/^\/($|assets\/|icon|manifest)/.test(path)),
      [],
    )
    await server.stop()
    await page.reload()
    await page.getByText("Connecting").first().waitFor()
    await server.start()
    await page.getByTestId("arm-state").first().waitFor()
  })
})
