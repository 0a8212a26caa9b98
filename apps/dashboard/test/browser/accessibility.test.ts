import axe from "axe-core"
import type { Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, openBrowser, type Browser } from "./browser.ts"
import { armed, sampleAccount, motionAt, pressAt } from "./sampleAccount.ts"
import { startEmulatedServer } from "./emulatedServer.ts"
import { startTestServer, type TestServer } from "./testServer.ts"

const serious = new Set(["serious", "critical"])

/** What axe finds that keeps people out, as sentences. */
const accessibilityViolations = async (page: Page): Promise<ReadonlyArray<string>> => {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()")
  return violations
    .filter(({ impact }) => serious.has(impact ?? ""))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}

describe.skipIf(!browserAvailable)("people with assistive technology", () => {
  let server: TestServer
  beforeAll(async () => {
    const [porch, , , doorbell] = sampleAccount().cameras
    server = await startTestServer(sampleAccount())
    await server.append({
      events: [motionAt(porch!), armed("disarmed", "armed"), pressAt(doorbell!), motionAt(porch!)],
    })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test.each(["light", "dark"] as const)(
    "axe finds no serious barrier in %s, in any view, under the veil or at the door",
    async (colorScheme) => {
      await using browser: Browser = await openBrowser({ colorScheme, reducedMotion: "reduce" })
      const page = await browser.open(server.url)
      await page.getByLabel("Token").waitFor()
      assert.deepStrictEqual(await accessibilityViolations(page), [])
      await page.goto("about:blank")
      await page.goto(await server.link())
      await page.locator(".row").first().waitFor()
      for (const view of ["Home", "Timeline", "Account"]) {
        await page.getByRole("link", { name: view, exact: true }).click()
        assert.deepStrictEqual(await accessibilityViolations(page), [], view)
      }
      await page.getByRole("link", { name: "Home", exact: true }).click()
      await server.stop()
      await page.getByText("Not live.").waitFor()
      assert.notInclude(
        await page.getByRole("alert").innerText(),
        "try",
        "what counts down is not told again",
      )
      assert.deepStrictEqual(await accessibilityViolations(page), [], "under the veil")
      await server.start()
    },
  )

  test.each(["light", "dark"] as const)(
    "nor in %s in the dialogs for clips and live views, or with a question on top",
    async (colorScheme) => {
      await using emulated = await startEmulatedServer()
      await using browser: Browser = await openBrowser({ colorScheme, reducedMotion: "reduce" })
      const page = await browser.open(await emulated.link())
      await emulated.cloud.motion({ camera: "Porch", publish_after_ms: 0, duration: 5 })
      await page
        .getByRole("button", { name: /^Play the clip of Porch/ })
        .first()
        .click()
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click()
      assert.deepStrictEqual(await accessibilityViolations(page), [], "a clip")
      await page.keyboard.press("Escape")
      await page.getByRole("button", { name: "Watch Porch live" }).click()
      await page.getByText("Nothing drains its battery faster").waitFor()
      assert.deepStrictEqual(await accessibilityViolations(page), [], "a live view")
      await page.keyboard.press("Escape")
      await emulated.revokeClient()
      await page.getByLabel("Password").waitFor()
      for (const view of ["Home", "Timeline", "Account"]) {
        await page.getByRole("link", { name: view }).click()
        assert.deepStrictEqual(await accessibilityViolations(page), [], `the question over ${view}`)
      }
    },
  )

  test("everything on a card is reached and worked by the keyboard", async () => {
    await using browser = await openBrowser()
    const page = await browser.open(await server.link())
    const card = page.getByRole("article", { name: "Camera Porch" })
    await card.waitFor()
    await card.getByRole("button", { name: /^New picture/ }).focus()
    await page.keyboard.press("Tab")
    assert.match(
      await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? ""),
      /^Snooze Porch/,
    )
    await page.keyboard.press("Tab")
    assert.strictEqual(await page.evaluate(() => document.activeElement?.getAttribute("role")), "switch")
  })

  test("motion is told to screen readers", async () => {
    await using browser = await openBrowser()
    const page = await browser.open(await server.link())
    await page.locator(".row").first().waitFor()
    await server.append({ events: [motionAt(sampleAccount().cameras[0]!)] })
    await page.locator("[aria-live=polite]").getByText("Porch: Motion, 7 s").waitFor({ state: "attached" })
  })
})
