import { assert, beforeAll, describe, test } from "vitest"
import { browserAvailable, closeBrowserAndServer, openBrowser, type Browser } from "./browser.ts"
import { startEmulatedServer, type EmulatedServer } from "./emulatedServer.ts"

describe.skipIf(!browserAvailable)("Account view", () => {
  let server: EmulatedServer
  let browser: Browser
  beforeAll(async () => {
    server = await startEmulatedServer()
    browser = await openBrowser()
    return () => closeBrowserAndServer(browser, server)
  })

  test("Account view shows the state of each source and the remaining requests", async () => {
    const page = await browser.open(await server.link())
    await page.getByRole("link", { name: "Account" }).click()
    await page.getByRole("row", { name: /^System state ok/ }).waitFor()
    await page
      .getByText(/^[\d,.]+ requests left this hour$/)
      .first()
      .waitFor()
  })

  test("A new token is shown once, grants access, and after its revocation disconnects its user", async () => {
    const page = await browser.open(await server.link())
    await page.getByRole("link", { name: "Account" }).click()
    const panel = page.getByRole("region", { name: "Tokens" })
    await panel.getByLabel("Name of the new token").fill("hall tablet")
    await panel.getByRole("button", { name: "Create token" }).click()
    const token = (await panel.locator("code").textContent()) ?? ""
    // The token stays visible when the connection is lost.
    await server.stop()
    await page.getByText("Connection lost.").waitFor()
    assert.strictEqual(await panel.locator("code").textContent(), token)
    await server.start()
    await page.getByText("Connection lost.").waitFor({ state: "detached" })
    await panel.getByRole("button", { name: "Done" }).click()
    assert.notInclude(await page.content(), token)

    await using hall = await openBrowser()
    const other = await hall.open(server.url)
    await other.getByLabel("Token").fill(token)
    await other.getByRole("button", { name: "Open" }).click()
    // The token has the scope `read` only, so the controls are disabled.
    await other.getByRole("button", { name: "Disarm Home" }).waitFor()
    assert.isTrue(await other.getByRole("button", { name: "Disarm Home" }).isDisabled())

    await panel.getByRole("button", { name: "Revoke hall tablet" }).click()
    await panel.getByRole("button", { name: "Revoke permanently" }).click()
    await other.getByRole("alert").getByText("does not accept this token").waitFor()
  })

  test("An expired session is renewed on the page with the password, a wrong PIN and the right PIN", async () => {
    const page = await browser.open(await server.link())
    await page.getByTestId("arm-state").first().waitFor()
    await server.revokeClient()
    const { password, pin } = server.cloud.account

    const passwordPrompt = page.getByRole("alertdialog", { name: "Sign-in required" })
    await passwordPrompt.getByLabel("Password").fill(password)
    // The server sends the prompts again after a reconnect: the input and its focus stay.
    await server.stop()
    await page.getByText("Connection lost.").waitFor()
    await server.start()
    await page.getByText("Connection lost.").waitFor({ state: "detached" })
    assert.strictEqual(await passwordPrompt.getByLabel("Password").inputValue(), password)
    assert.isTrue(
      await passwordPrompt.getByLabel("Password").evaluate((input) => input === document.activeElement),
    )
    await passwordPrompt.getByRole("button", { name: "Send" }).click()

    const pinPrompt = page.getByRole("alertdialog", { name: "PIN required" })
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
