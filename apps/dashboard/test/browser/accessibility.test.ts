import axe from "axe-core"
import type { Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, openBrowser, type Browser } from "./browser.ts"
import { armed, sampleAccount, motionAt, pressAt } from "./sampleAccount.ts"
import { startEmulatedServer } from "./emulatedServer.ts"
import { startTestServer, type TestServer } from "./testServer.ts"

const serious = new Set(["serious", "critical"])

/** Serious and critical violations that axe finds, as text. */
const accessibilityViolations = async (page: Page): Promise<ReadonlyArray<string>> => {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()")
  return violations
    .filter(({ impact }) => serious.has(impact ?? ""))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}

describe.skipIf(!browserAvailable)("Accessibility", () => {
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
    "axe finds no serious violation in the %s scheme in any view, while disconnected and in the token prompt",
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
      await page.getByText("Connection lost.").waitFor()
      assert.notInclude(
        await page.getByRole("alert").innerText(),
        "Reconnecting",
        "the countdown is not part of the alert",
      )
      assert.deepStrictEqual(await accessibilityViolations(page), [], "while disconnected")
      await server.start()
    },
  )

  test.each(["light", "dark"] as const)(
    "axe finds no serious violation in the %s scheme in the clip and live view dialogs and below a prompt",
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
      await page.getByText("A live view drains its battery quickly").waitFor()
      assert.deepStrictEqual(await accessibilityViolations(page), [], "a live view")
      await page.keyboard.press("Escape")
      await emulated.revokeClient()
      await page.getByLabel("Password").waitFor()
      for (const view of ["Home", "Timeline", "Account"]) {
        await page.getByRole("link", { name: view }).click()
        assert.deepStrictEqual(await accessibilityViolations(page), [], `a prompt above ${view}`)
      }
    },
  )

  test("All controls of a camera card are reachable by keyboard", async () => {
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

  test("Motion is announced to screen readers", async () => {
    await using browser = await openBrowser()
    const page = await browser.open(await server.link())
    await page.locator(".row").first().waitFor()
    await server.append({ events: [motionAt(sampleAccount().cameras[0]!)] })
    await page
      .locator("[aria-live=polite]")
      .getByText("Porch: Motion detected, 7 s")
      .waitFor({ state: "attached" })
  })
})
