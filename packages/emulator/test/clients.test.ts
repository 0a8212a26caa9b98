import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { assert, describe, it } from "vitest"
import { startEmulator } from "../src/index.ts"
import { tlsProxy } from "./support/tlsProxy.ts"

const run = promisify(execFile)
const file = (name: string): string => fileURLToPath(new URL(`clients/${name}`, import.meta.url))

/** What a published client, with nothing changed but where its hosts are, makes of the emulator. */
const storyOf = async (client: string) => {
  await using cloud = await startEmulator({ seed: 17 })
  await using front = await tlsProxy(cloud.url)
  const { email, password, pin } = cloud.account
  const { stdout } = await run(
    process.execPath,
    ["--require", file("vendorHosts.cjs"), file(`${client}.cjs`)],
    {
      env: {
        PATH: process.env["PATH"],
        EMULATOR_TLS_PORT: String(front.port),
        EMAIL: email,
        PASSWORD: password,
        PIN: pin,
      },
      timeout: 55_000,
    },
  )
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}")
}

const everyCamera = ["Porch", "Garden", "Garage", "Living Room", "Front Door", "Cabin Hall"]

describe.concurrent("a published client goes from signing in to its last clip", { timeout: 60_000 }, () => {
  it("homebridge-blink-for-home of 2022, with TOKEN_AUTH and a PIN", async () => {
    const story = await storyOf("homebridge")
    assert.match(story.wrongPassword.refused, /Invalid credentials/)
    assert.match(story.wrongPin.refused, /Invalid PIN/)
    assert.deepStrictEqual(story.signIn, { valid: true, tier: "u017" })
    assert.deepStrictEqual(story.inventory.networks[0], ["Home", true])
    assert.sameMembers(
      story.inventory.cameras.map(([name]: [string]) => name),
      everyCamera.filter((name) => name !== "Front Door"),
    )
    assert.isFalse(story.disarm)
    assert.isTrue(story.arm)
    assert.deepStrictEqual(story.snapshot, { changed: true, picture: "ffd8" })
    assert.isAbove(story.clips.listed, 30)
    assert.strictEqual(story.clips.film, "ftyp")
    assert.deepStrictEqual(story.logout, { message: "logout" })
  })

  it("the adapter of ioBroker of 2026, with OAuth and a second factor", async () => {
    const story = await storyOf("iobroker")
    assert.match(story.wrongPassword.refused, /401/)
    assert.match(story.wrongPin.refused, /2FA failed: HTTP 400/)
    assert.match(story.needsPin.refused, /2FA required/)
    assert.strictEqual(story.signIn, "rest-u017.immedia-semi.com")
    assert.isTrue(story.refresh)
    assert.sameMembers(story.inventory.cameras, everyCamera)
    assert.includeMembers(story.disarm, ["id", "network_id", "commands"])
    assert.strictEqual(story.snapshot, "ffd8")
    assert.deepStrictEqual(story.clips, { source: "cloud", listed: story.clips.listed, film: "ftyp" })
  })

  it("node-blink-security of 2020, with the oldest login and the legacy lists", async () => {
    const story = await storyOf("nodeBlink")
    assert.match(story.wrongPassword.refused, /Invalid credentials/)
    assert.strictEqual(story.signIn, "u017")
    assert.sameMembers(story.inventory.cameras, everyCamera)
    assert.isTrue(story.online)
    assert.isFalse(story.disarm)
    assert.deepStrictEqual(story.snapshot, { command: "thumbnail", id: "number" })
    assert.isTrue(story.clips)
    assert.isTrue(story.events)
  })
})
