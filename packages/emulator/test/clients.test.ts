import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { assert, describe, it } from "vitest"
import { startEmulator } from "../src/index.ts"
import { tlsProxy } from "./support/tlsProxy.ts"

const run = promisify(execFile)
const file = (name: string): string => fileURLToPath(new URL(`clients/${name}`, import.meta.url))

/** Runs a published client, with only its hosts redirected, and returns the result of each step. */
const runClient = async (client: string) => {
  await using cloud = await startEmulator({ seed: 17 })
  await using proxy = await tlsProxy(cloud.url)
  const { email, password, pin } = cloud.account
  const { stdout } = await run(
    process.execPath,
    ["--require", file("vendorHosts.cjs"), file(`${client}.cjs`)],
    {
      env: {
        PATH: process.env["PATH"],
        EMULATOR_TLS_PORT: String(proxy.port),
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

describe.concurrent("Published clients", { timeout: 60_000 }, () => {
  it("homebridge-blink-for-home of 2022 signs in with a PIN, arms, takes a picture and downloads a clip", async () => {
    const results = await runClient("homebridge")
    assert.match(results.wrongPassword.refused, /Invalid credentials/)
    assert.match(results.wrongPin.refused, /Invalid PIN/)
    assert.deepStrictEqual(results.signIn, { valid: true, tier: "u017" })
    assert.deepStrictEqual(results.inventory.networks[0], ["Home", true])
    assert.sameMembers(
      results.inventory.cameras.map(([name]: [string]) => name),
      everyCamera.filter((name) => name !== "Front Door"),
    )
    assert.isFalse(results.disarm)
    assert.isTrue(results.arm)
    assert.deepStrictEqual(results.snapshot, { changed: true, picture: "ffd8" })
    assert.isAbove(results.clips.listed, 30)
    assert.strictEqual(results.clips.video, "ftyp")
    assert.deepStrictEqual(results.logout, { message: "logout" })
  })

  it("The ioBroker adapter of 2026 signs in with OAuth and a code, disarms, takes a picture and downloads a clip", async () => {
    const results = await runClient("iobroker")
    assert.match(results.wrongPassword.refused, /401/)
    assert.match(results.wrongPin.refused, /2FA failed: HTTP 400/)
    assert.match(results.needsPin.refused, /2FA required/)
    assert.strictEqual(results.signIn, "rest-u017.immedia-semi.com")
    assert.isTrue(results.refresh)
    assert.sameMembers(results.inventory.cameras, everyCamera)
    assert.includeMembers(results.disarm, ["id", "network_id", "commands"])
    assert.strictEqual(results.snapshot, "ffd8")
    assert.deepStrictEqual(results.clips, { source: "cloud", listed: results.clips.listed, video: "ftyp" })
  })

  it("node-blink-security of 2020 signs in with the oldest login and reads the legacy lists", async () => {
    const results = await runClient("nodeBlink")
    assert.match(results.wrongPassword.refused, /Invalid credentials/)
    assert.strictEqual(results.signIn, "u017")
    assert.sameMembers(results.inventory.cameras, everyCamera)
    assert.isTrue(results.online)
    assert.isFalse(results.disarm)
    assert.deepStrictEqual(results.snapshot, { command: "thumbnail", id: "number" })
    assert.isTrue(results.clips)
    assert.isTrue(results.events)
  })
})
