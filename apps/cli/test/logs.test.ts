import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Ended, blinkStreams, start } from "./binary.ts"
import { type EmulatedAccount, startBroadcaster, signInToEmulator } from "./emulatedAccount.ts"

let emulated: EmulatedAccount
beforeAll(async () => {
  emulated = await signInToEmulator()
})
afterAll(() => emulated[Symbol.asyncDispose]())

/** Makes the next state poll fail with status 503. */
const failNextPoll = () =>
  emulated.cloud.fault({ match: { path: "homescreen" }, times: 1, do: { status: 503 } })

/** Runs a broadcaster whose second poll fails. */
const serveWithFailingPoll = async (...args: ReadonlyArray<string>): Promise<Ended> => {
  const { process, environment } = await startBroadcaster(emulated, args)
  await blinkStreams(["state"], environment)
  await failNextPoll()
  await process.until(/System state: (?!ok|up to date)/)
  process.kill("SIGINT")
  return process.ended
}

const lines = (text: string): ReadonlyArray<string> => text.trim().split("\n").filter(Boolean)

it("watch --json --direct prints a failed poll as a health.changed event and logs nothing", async () => {
  const watching = start(["watch", "--json", "--direct", "--until", "health.changed", "--timeout", "20s"], {
    ...emulated.environment,
    BLINK_STATE_INTERVAL: "300ms",
  })
  // The output does not show when the subscription starts, so polls fail and succeed until it has seen one change.
  await emulated.cloud.fault({ match: { path: "homescreen" }, probability: 0.5, do: { status: 503 } })
  const { code, stdout, stderr } = await watching.ended
  await emulated.cloud.clearFaults()
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  expect(lines(stdout).map((line) => JSON.parse(line).type)).toContain("event")
})

it("serve logs JSON to standard error from the configured level when it is not a terminal", async () => {
  for (const [level, expected] of [
    ["warn", ["WARN"]],
    ["error", []],
  ] as const) {
    const { stdout, stderr } = await serveWithFailingPoll("--log-level", level)
    const entries = lines(stderr).map((line): { readonly level: string } => JSON.parse(line))
    expect([...new Set(entries.map((entry) => entry.level))]).toEqual(expected)
    expect(stdout).not.toContain("WARN")
  }
})

it("serve --log-format pretty logs plain text", async () => {
  const { stderr } = await serveWithFailingPoll("--log-format", "pretty")
  expect(stderr).toMatch(/WARN.*poll of state failed/)
})

it("serve exports traces and metrics to OTEL_EXPORTER_OTLP_ENDPOINT", async () => {
  const requested = new Set<string>()
  const collector = createServer((request, response) => {
    requested.add(request.url ?? "")
    request.resume().on("end", () => response.end("{}"))
  }).listen(0, "127.0.0.1")
  await once(collector, "listening")
  const { port } = collector.address() as AddressInfo
  const { process } = await startBroadcaster({
    ...emulated,
    environment: { ...emulated.environment, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/` },
  })
  process.kill("SIGINT")
  await expect(process.ended).resolves.toMatchObject({ code: 0 })
  collector.close()
  expect([...requested].sort()).toEqual(["/v1/metrics", "/v1/traces"])
})
