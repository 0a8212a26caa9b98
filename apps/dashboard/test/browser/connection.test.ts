import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { sampleAccount, motionAt } from "./sampleAccount.ts"
import { startReverseProxy } from "./reverseProxy.ts"
import { startTestServer, type TestServer } from "./testServer.ts"

describe.skipIf(!browserAvailable)("the connection of the page", () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    server = await startTestServer(sampleAccount())
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })
  const porch = sampleAccount().cameras[0]!

  test("the one-time code leaves the address at once, works once, and a reload stays signed in", async () => {
    const link = await server.link()
    const page = await browser.open(link)
    await page.getByTestId("arm-state").first().waitFor()
    assert.notInclude(page.url(), "code")
    await page.reload()
    await page.getByTestId("arm-state").first().waitFor()

    await using stranger = await openBrowser()
    const again = await stranger.open(link)
    await again.getByRole("alert").getByText("This link has been used already").waitFor()
    await again.getByRole("heading", { name: "This page needs a token" }).waitFor()
  })

  test("without a token the page asks for one, and refuses a wrong one in words", async () => {
    await using stranger = await openBrowser()
    const page = await stranger.open(server.url)
    await page.getByLabel("Token").fill("not-a-token")
    await page.getByRole("button", { name: "Open" }).click()
    await page.getByRole("alert").getByText("does not accept this token").waitFor()
  })

  test("a lost socket lies under a veil; after it nothing is missing and nothing is told twice", async () => {
    const page = await browser.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    await server.append({ events: [motionAt(porch, 4_000)] })
    const rows = page.getByRole("region", { name: "Feed" }).locator(".row")
    await rows.first().waitFor()
    const before = await rows.count()

    await server.stop()
    await page.getByRole("alert").getByText("Not live.").waitFor()
    assert.isTrue(await page.getByRole("button", { name: "Disarm Home" }).isDisabled())
    await server.append({ events: [motionAt(porch, 3_000), motionAt(porch, 2_000)] })
    await server.start()

    await page.getByRole("alert").getByText("Not live.").waitFor({ state: "detached" })
    await page.getByText("Read from the log").waitFor()
    await page.waitForFunction(
      (count) => document.querySelectorAll(".feed .row").length === count,
      before + 2,
    )
    assert.isTrue(await page.getByRole("button", { name: "Disarm Home" }).isEnabled())
  })

  test("what the log no longer has when the page comes back is a visible gap", async () => {
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
    await feed.getByText(/events are missing here: older than what the log keeps/).waitFor()
    await page.getByRole("link", { name: "Timeline" }).click()
    await page.getByText("Gap", { exact: true }).waitFor()
  })

  test("the page works under the sub-path of a reverse proxy, socket included", async () => {
    const behind = await startReverseProxy(server.url)
    try {
      const page = await browser.open((await server.link()).replace(server.url, behind.url))
      await page.getByTestId("arm-state").first().waitFor()
      await page.getByText("Live", { exact: true }).first().waitFor()
    } finally {
      behind.close()
    }
  })

  test("the page talks to its own origin only, and its policy allows nothing inline", async () => {
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

  test("an installed page opens while the broadcaster is away", async () => {
    await using fresh = await openBrowser()
    const page = await fresh.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    await page.evaluate(() => navigator.serviceWorker.ready)
    // The worker takes over only what is loaded after it.
    await page.reload()
    await page.getByTestId("arm-state").first().waitFor()
    const manifest = await page.evaluate(async () => (await fetch("manifest.webmanifest")).json())
    assert.strictEqual(manifest.display, "standalone")
    // Another answer of the broadcaster, opened as a page, is nothing to keep.
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
