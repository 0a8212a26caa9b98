import type { BlinkState } from "@blink-streams/model"
import { afterAll, beforeAll, expect, it } from "vitest"
import { blinkStreams } from "./binary.ts"
import { type EmulatedAccount, startBroadcaster, signInToEmulator } from "./emulatedAccount.ts"
import { Terminal } from "./Terminal.ts"

let emulated: EmulatedAccount
let broadcaster: Awaited<ReturnType<typeof startBroadcaster>>
beforeAll(async () => {
  emulated = await signInToEmulator()
  broadcaster = await startBroadcaster(emulated, ["--no-feed"])
  await blinkStreams(["state"], broadcaster.environment)
  await emulated.cloud.change({ camera: "Garden", set: { battery: "low" } })
  // Each look is a process of its own, which is pause enough.
  while ((await batteryOf("Garden")) !== "low") continue
  await blinkStreams(["disarm", "Cabin"], broadcaster.environment)
  await blinkStreams(["arm", "Cabin"], broadcaster.environment)
})
afterAll(async () => {
  broadcaster.process.kill("SIGINT")
  await broadcaster.process.ended
  await emulated[Symbol.asyncDispose]()
})

const batteryOf = async (name: string): Promise<string | undefined> => {
  const { stdout } = await blinkStreams(["state", "--json"], broadcaster.environment)
  const home: BlinkState = JSON.parse(stdout)
  return home.accounts[0]?.cameras.find((camera) => camera.name === name)?.battery
}

/** Times and ages change by themselves; each keeps its place on the screen. */
const withoutTimes = (screen: string): string =>
  screen
    .replaceAll(/\d\d:\d\d:\d\d/g, "hh:mm:ss")
    .replaceAll(/next in \d+ s|looking now/g, "next in a s")
    .replaceAll(/\d+ calls left/g, "n calls left")
    // How many events there were depends on how often a command was asked after.
    .replaceAll(/─ \d+ ─╮$/gm, (end) => " nn ─╮".padStart(end.length, "─"))
    .replaceAll(/\d+ [smhd]\b */g, (age) => "a s".padEnd(age.length))

/** The home, what has happened in it and, where there is room, the picture of a camera and all that is known of it. */
const isComplete = (screen: string, columns: number): boolean =>
  screen.includes("● live") &&
  screen.includes("armed") &&
  !screen.includes("nothing has happened yet") &&
  (columns < 110 || (screen.includes("▀") && /id +camera:/.test(screen)))

it.each([
  [200, 50],
  [120, 40],
  [80, 24],
  [60, 15],
  [40, 8],
])("the whole screen at %i×%i", async (columns, rows) => {
  await using terminal = await Terminal.open({
    columns,
    rows,
    args: ["watch"],
    environment: broadcaster.environment,
  })
  let before = ""
  await terminal.until((shown) => {
    // A screen that is drawn just now is not the whole screen.
    const isStill = withoutTimes(shown) === before
    before = withoutTimes(shown)
    return isStill && isComplete(shown, columns)
  })
  await expect(`${before}\n`).toMatchFileSnapshot(`screens/${columns}x${rows}.txt`)
})
