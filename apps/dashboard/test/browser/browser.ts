import { deepStrictEqual } from "node:assert/strict"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core"

const flags = [
  // Required to run Chromium as root, which CI machines often do. It opens only our own page.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

export type { CDPSession, Page } from "playwright-core"

/** True on Linux x64, for which the npm package has a binary, and when `CHROMIUM_PATH` names a browser. */
export const browserAvailable =
  process.env["CHROMIUM_PATH"] !== undefined || (process.platform === "linux" && process.arch === "x64")

const executable = async (): Promise<string> => {
  const configured = process.env["CHROMIUM_PATH"]
  if (configured !== undefined) return configured
  const { default: Chromium } = await import("@sparticuz/chromium")
  return Chromium.executablePath()
}

/** A Chromium with a new profile. `errors` collects console errors and uncaught exceptions of its pages. */
export interface Browser extends AsyncDisposable {
  readonly context: BrowserContext
  readonly errors: Array<string>
  open(address: string): Promise<Page>
}

/** Console errors that Chromium logs for an unreachable server; tests stop servers on purpose. */
const expectedErrors = /Failed to load resource|net::ERR_CONNECTION_REFUSED/

export const openBrowser = async (options: BrowserContextOptions = {}): Promise<Browser> => {
  const profile = await mkdtemp(join(tmpdir(), "dashboard-profile-"))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await executable(),
    headless: true,
    args: flags,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    ...options,
  })
  const errors: Array<string> = []
  context.on("weberror", (error) => errors.push(String(error.error())))
  context.on("console", (message) => {
    if (message.type() === "error" && !expectedErrors.test(message.text())) errors.push(message.text())
  })
  return {
    context,
    errors,
    open: async (address) => {
      const page = await context.newPage()
      await page.goto(address)
      return page
    },
    [Symbol.asyncDispose]: async () => {
      await context.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Closes the browser and the server that the tests of a file share. Fails when a page logged an error. */
export const closeBrowserAndServer = async (browser: Browser, server: AsyncDisposable): Promise<void> => {
  await browser[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  deepStrictEqual(browser.errors, [])
}
