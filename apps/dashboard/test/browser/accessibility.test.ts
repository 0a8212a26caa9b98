import axe from "axe-core"
import type { Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { browserIsHere, openBrowser, type Browser } from "./browser.ts"
import { armed, house, motionAt, pressAt } from "./house.ts"
import { openCloudStage } from "./cloudStage.ts"
import { openStage, type Stage } from "./stage.ts"

const serious = new Set(["serious", "critical"])

/** What axe finds that keeps people out, as sentences. */
const barriers = async (page: Page): Promise<ReadonlyArray<string>> => {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()")
  return violations
    .filter(({ impact }) => serious.has(impact ?? ""))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}

describe.skipIf(!browserIsHere)("people with assistive technology", () => {
  let stage: Stage
  beforeAll(async () => {
    const [porch, , , door] = house().cameras
    stage = await openStage(house())
    await stage.append({
      events: [motionAt(porch!), armed("disarmed", "armed"), pressAt(door!), motionAt(porch!)],
    })
  })
  afterAll(() => stage[Symbol.asyncDispose]())

  test.each(["light", "dark"] as const)(
    "axe finds no serious barrier in %s, in any view, under the veil or at the door",
    async (colorScheme) => {
      await using browser: Browser = await openBrowser({ colorScheme, reducedMotion: "reduce" })
      const page = await browser.open(stage.url)
      await page.getByLabel("Token").waitFor()
      assert.deepStrictEqual(await barriers(page), [])
      await page.goto("about:blank")
      await page.goto(await stage.link())
      await page.locator(".row").first().waitFor()
      for (const view of ["Home", "Timeline", "Account"]) {
        await page.getByRole("link", { name: view, exact: true }).click()
        assert.deepStrictEqual(await barriers(page), [], view)
      }
      await page.getByRole("link", { name: "Home", exact: true }).click()
      await stage.stop()
      await page.getByText("Not live.").waitFor()
      assert.notInclude(
        await page.getByRole("alert").innerText(),
        "try",
        "what counts down is not told again",
      )
      assert.deepStrictEqual(await barriers(page), [], "under the veil")
      await stage.start()
    },
  )

  test.each(["light", "dark"] as const)(
    "nor in %s in the dialogs for clips and live views, or with a question on top",
    async (colorScheme) => {
      await using house = await openCloudStage()
      await using browser: Browser = await openBrowser({ colorScheme, reducedMotion: "reduce" })
      const page = await browser.open(await house.link())
      await house.cloud.motion({ camera: "Porch", publish_after_ms: 0, duration: 5 })
      await page
        .getByRole("button", { name: /^Play the clip of Porch/ })
        .first()
        .click()
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click()
      assert.deepStrictEqual(await barriers(page), [], "a clip")
      await page.keyboard.press("Escape")
      await page.getByRole("button", { name: "Watch Porch live" }).click()
      await page.getByText("Nothing drains its battery faster").waitFor()
      assert.deepStrictEqual(await barriers(page), [], "a live view")
      await page.keyboard.press("Escape")
      await house.forgetInstall()
      await page.getByLabel("Password").waitFor()
      for (const view of ["Home", "Timeline", "Account"]) {
        await page.getByRole("link", { name: view }).click()
        assert.deepStrictEqual(await barriers(page), [], `the question over ${view}`)
      }
    },
  )

  test("everything on a card is reached and worked by the keyboard", async () => {
    await using browser = await openBrowser()
    const page = await browser.open(await stage.link())
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
    const page = await browser.open(await stage.link())
    await page.locator(".row").first().waitFor()
    await stage.append({ events: [motionAt(house().cameras[0]!)] })
    await page.locator("[aria-live=polite]").getByText("Porch: Motion, 7 s").waitFor({ state: "attached" })
  })
})
