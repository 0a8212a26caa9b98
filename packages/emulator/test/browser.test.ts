import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startEmulator } from "../src/index.ts"
import { chromium } from "playwright-core"
import { assert, it } from "vitest"
import { signIn } from "./support/cloudClient.ts"

/** The packaged browser is a Linux x64 one; elsewhere, or for another, name it. */
const named = process.env["CHROMIUM_PATH"]
const packaged = process.platform === "linux" && process.arch === "x64"

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

const executablePath = async (): Promise<string> =>
  named ?? (await import("@sparticuz/chromium")).default.executablePath()

const dataAddress = (type: string, bytes: Buffer): string => `data:${type};base64,${bytes.toString("base64")}`

it.runIf(packaged || named !== undefined)(
  "a browser plays a clip at its length and shows a still",
  async () => {
    await using cloud = await startEmulator({ seed: 1, speed: 0 })
    await cloud.motion({ camera: "Porch", duration: 6, publish_after_ms: 8000 })
    await cloud.clock({ advance_ms: 8000 })
    const { ask, account } = await signIn(cloud.url, cloud.account)
    const [item] = (await ask(`GET /api/v1/accounts/${account}/media/changed?since=1970-01-01&page=1`)).body
      .media
    const film = dataAddress("video/mp4", (await ask(`GET ${item.media}`)).bytes)
    const still = dataAddress("image/jpeg", (await ask(`GET ${item.thumbnail}`)).bytes)

    const profile = await mkdtemp(join(tmpdir(), "emulator-profile-"))
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: await executablePath(),
      headless: true,
      args: flags,
    })
    try {
      const page = await browser.newPage()
      await page.setContent(`<video muted autoplay src="${film}"></video><img src="${still}">`)
      await page.waitForFunction("document.querySelector('video').currentTime > 0.5")
      const seen = await page.evaluate(
        "({ seconds: document.querySelector('video').duration, film: document.querySelector('video').videoWidth, still: document.querySelector('img').naturalWidth })",
      )
      assert.deepStrictEqual(seen, { seconds: 6, film: 320, still: 480 })
    } finally {
      await browser.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 3 })
    }
  },
)
