import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startEmulator } from "../src/index.ts"
import { chromium } from "playwright-core"
import { assert, it } from "vitest"
import { signIn } from "./support/cloudClient.ts"

/** The packaged browser is for Linux x64. `CHROMIUM_PATH` selects another one. */
const configuredPath = process.env["CHROMIUM_PATH"]
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
  configuredPath ?? (await import("@sparticuz/chromium")).default.executablePath()

const dataUrl = (type: string, bytes: Buffer): string => `data:${type};base64,${bytes.toString("base64")}`

it.runIf(packaged || configuredPath !== undefined)(
  "A browser plays a clip of the announced length and shows a thumbnail",
  async () => {
    await using cloud = await startEmulator({ seed: 1, speed: 0 })
    await cloud.motion({ camera: "Porch", duration: 6, publish_after_ms: 8000 })
    await cloud.clock({ advance_ms: 8000 })
    const { send, account } = await signIn(cloud.url, cloud.account)
    const [item] = (await send(`GET /api/v1/accounts/${account}/media/changed?since=1970-01-01&page=1`)).body
      .media
    const video = dataUrl("video/mp4", (await send(`GET ${item.media}`)).bytes)
    const thumbnail = dataUrl("image/jpeg", (await send(`GET ${item.thumbnail}`)).bytes)

    const profile = await mkdtemp(join(tmpdir(), "emulator-profile-"))
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: await executablePath(),
      headless: true,
      args: flags,
    })
    try {
      const page = await browser.newPage()
      await page.setContent(`<video muted autoplay src="${video}"></video><img src="${thumbnail}">`)
      await page.waitForFunction("document.querySelector('video').currentTime > 0.5")
      const seen = await page.evaluate(
        "({ seconds: document.querySelector('video').duration, video: document.querySelector('video').videoWidth, thumbnail: document.querySelector('img').naturalWidth })",
      )
      assert.deepStrictEqual(seen, { seconds: 6, video: 320, thumbnail: 480 })
    } finally {
      await browser.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 3 })
    }
  },
)
