import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { startEmulatedServer, type EmulatedServer } from "./emulatedServer.ts"

describe.skipIf(!browserAvailable)("the account from the page", () => {
  let server: EmulatedServer
  let browser: Browser
  beforeAll(async () => {
    server = await startEmulatedServer()
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })

  test("it tells the health of each source and what is left of the budget", async () => {
    const page = await browser.open(await server.link())
    await page.getByRole("link", { name: "Account" }).click()
    await page.getByRole("row", { name: /^Home ok/ }).waitFor()
    await page
      .getByText(/^[\d,.]+ calls left$/)
      .first()
      .waitFor()
  })

  test("a token is made, shown once, lets in, and once revoked turns out", async () => {
    const page = await browser.open(await server.link())
    await page.getByRole("link", { name: "Account" }).click()
    const panel = page.getByRole("region", { name: "Tokens" })
    await panel.getByLabel("Name of the new token").fill("panel in the hall")
    await panel.getByRole("button", { name: "Make a token" }).click()
    const token = (await panel.locator("code").textContent()) ?? ""
    // It is told once only: a lost connection does not take it away.
    await server.stop()
    await page.getByText("Not live.").waitFor()
    assert.strictEqual(await panel.locator("code").textContent(), token)
    await server.start()
    await page.getByText("Not live.").waitFor({ state: "detached" })
    await panel.getByRole("button", { name: "Done" }).click()
    assert.notInclude(await page.content(), token)

    await using hall = await openBrowser()
    const other = await hall.open(server.url)
    await other.getByLabel("Token").fill(token)
    await other.getByRole("button", { name: "Open" }).click()
    // It may read only, so nothing can be commanded with it.
    await other.getByRole("button", { name: "Disarm Home" }).waitFor()
    assert.isTrue(await other.getByRole("button", { name: "Disarm Home" }).isDisabled())

    await panel.getByRole("button", { name: "Revoke panel in the hall" }).click()
    await panel.getByRole("button", { name: "Revoke for good" }).click()
    await other.getByRole("alert").getByText("does not accept this token").waitFor()
  })

  test("a lost session is mended from the page: password, a wrong PIN, the right one", async () => {
    const page = await browser.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    await server.revokeClient()
    const { password, pin } = server.cloud.account

    const passwordPrompt = page.getByRole("alertdialog", { name: "Blink wants you to sign in again" })
    await passwordPrompt.getByLabel("Password").fill(password)
    // The prompts come anew with the connection: what somebody has typed stays, and so does the cursor.
    await server.stop()
    await page.getByText("Not live.").waitFor()
    await server.start()
    await page.getByText("Not live.").waitFor({ state: "detached" })
    assert.strictEqual(await passwordPrompt.getByLabel("Password").inputValue(), password)
    assert.isTrue(
      await passwordPrompt.getByLabel("Password").evaluate((input) => input === document.activeElement),
    )
    await passwordPrompt.getByRole("button", { name: "Send" }).click()

    const pinPrompt = page.getByRole("alertdialog", { name: "Blink has sent you a PIN" })
    await pinPrompt.getByLabel("PIN").fill("000000")
    await pinPrompt.getByRole("button", { name: "Send" }).click()
    await pinPrompt.getByRole("alert").waitFor()
    assert.isTrue(await pinPrompt.getByLabel("PIN").evaluate((input) => input === document.activeElement))
    await pinPrompt.getByLabel("PIN").fill(pin)
    await pinPrompt.getByRole("button", { name: "Send" }).click()
    await pinPrompt.waitFor({ state: "detached" })
    await page.getByRole("status").getByText("Live", { exact: true }).waitFor()
    assert.notInclude(await page.content(), password)
  })
})
