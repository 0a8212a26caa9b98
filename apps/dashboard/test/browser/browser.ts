import { deepStrictEqual } from "node:assert/strict"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core"

const flags = [
  // As root, which test machines often are, Chromium starts without its sandbox only. It sees nothing but our page.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

export type { CDPSession, Page } from "playwright-core"

/** The npm package holds one binary, for Linux on x64; elsewhere `CHROMIUM_PATH` names a browser. */
export const browserAvailable =
  process.env["CHROMIUM_PATH"] !== undefined || (process.platform === "linux" && process.arch === "x64")

const executable = async (): Promise<string> => {
  const configured = process.env["CHROMIUM_PATH"]
  if (configured !== undefined) return configured
  const { default: Chromium } = await import("@sparticuz/chromium")
  return Chromium.executablePath()
}

/** A real browser with a fresh profile. Everything the page logs or throws is kept for the assertion at the end. */
export interface Browser extends AsyncDisposable {
  readonly context: BrowserContext
  readonly errors: Array<string>
  open(address: string): Promise<Page>
}

/** What the browser itself notes when a server is away or refuses: tests take servers away on purpose. */
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

/** Ends what the tests of a file share. In all of them the page must have complained of nothing. */
export const closeBrowserAndServer = async (browser: Browser, server: AsyncDisposable): Promise<void> => {
  await browser[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  deepStrictEqual(browser.errors, [])
}
