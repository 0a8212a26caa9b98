import { connect } from "@blink-streams/client"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type EmulatedAccount, startBroadcaster, signInToEmulator } from "./emulatedAccount.ts"
import { Terminal } from "./Terminal.ts"
import { until } from "./until.ts"

let emulated: EmulatedAccount
let broadcaster: Awaited<ReturnType<typeof startBroadcaster>>
beforeAll(async () => {
  emulated = await signInToEmulator()
  broadcaster = await startBroadcaster(emulated, ["--no-feed"])
  const client = connect({
    url: `ws://127.0.0.1:${broadcaster.port}`,
    token: readFileSync(join(emulated.dir, "token"), "utf8").trim(),
  })
  const account = () => client.state?.accounts[0]
  await until(client, () => account()?.stale === false)
  await emulated.cloud.change({ camera: "Garden", set: { battery: "low" } })
  await until(client, () => account()?.cameras.find(({ name }) => name === "Garden")?.battery === "low")
  const cabin = account()!.networks.find(({ name }) => name === "Cabin")!
  for (const name of ["disarm", "arm"] as const) await client.command({ name, target: { network: cabin.id } })
  client.close()
})
afterAll(async () => {
  broadcaster.process.kill("SIGINT")
  await broadcaster.process.ended
  await emulated[Symbol.asyncDispose]()
})

/** Replaces times and ages by placeholders of the same width. */
const withoutTimes = (screen: string): string =>
  screen
    .replaceAll(/\d\d:\d\d:\d\d/g, "hh:mm:ss")
    .replaceAll(/Next update in \d+ s/g, "Next update in a s")
    .replaceAll(/\d+ requests left/g, "n requests left")
    // The number of events depends on how often a command was polled.
    .replaceAll(/─ \d+ ─╮$/gm, (end) => " nn ─╮".padStart(end.length, "─"))
    .replaceAll(/\d+ [smhd]\b */g, (age) => "a s".padEnd(age.length))

/** True when systems, events and, on a wide screen, the camera detail with its picture are shown. */
const isComplete = (screen: string, columns: number): boolean =>
  screen.includes("● Live") &&
  !screen.includes("Updating") &&
  screen.includes("Armed") &&
  !screen.includes("No events yet") &&
  (columns < 110 || (screen.includes("▀") && /id +camera:/.test(screen)))

it.each([
  [200, 50],
  [120, 40],
  [80, 24],
  [60, 15],
  [40, 8],
])("The watcher draws the complete screen at %i×%i", async (columns, rows) => {
  await using terminal = await Terminal.open({
    columns,
    rows,
    args: ["watch"],
    environment: broadcaster.environment,
  })
  let before = ""
  await terminal.until((shown) => {
    // Two equal screens in a row mean that drawing is finished.
    const isStill = withoutTimes(shown) === before
    before = withoutTimes(shown)
    return isStill && isComplete(shown, columns)
  })
  await expect(`${before}\n`).toMatchFileSnapshot(`screens/${columns}x${rows}.txt`)
})
