/** `node tooling/screens/watcher.ts`: takes the screenshots of the watcher for the docs, in tmux with the demo. */
import { spawn } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { Terminal } from "../../apps/cli/test/Terminal.ts"
import { toSvg } from "./toSvg.ts"

const root = resolve(import.meta.dirname, "../..")
const dir = mkdtempSync(join(tmpdir(), "screens-"))
const port = "25599"
const demo = spawn(
  process.execPath,
  [
    join(root, "apps/cli/bin/blink-streams.js"),
    "demo",
    "--port",
    port,
    "--emulator-port",
    "0",
    "--dir",
    dir,
    "--no-feed",
  ],
  { stdio: ["ignore", "pipe", "inherit"] },
)
await new Promise((done) => demo.stdout.once("data", done))

const take = async (
  name: string,
  title: string,
  columns: number,
  rows: number,
  keys: ReadonlyArray<string>,
): Promise<void> => {
  await using terminal = await Terminal.open({
    columns,
    rows,
    args: ["watch", "--control", "--images", "blocks"],
    environment: { BLINK_STREAMS_DIR: dir, BLINK_STREAMS_PORT: port },
  })
  await terminal.until("● Live")
  await new Promise((done) => setTimeout(done, 9_000))
  await terminal.press(...keys)
  await new Promise((done) => setTimeout(done, 5_000))
  writeFileSync(join(root, "docs/screens", `${name}.svg`), toSvg(await terminal.colouredScreen(), title))
}

try {
  await take("watcher", "The watcher: systems, cameras, the picture of one camera, and events", 140, 42, [])
  await take("watcher-80x24", "The watcher on 80 columns, after disarming a system", 80, 24, ["D", "y"])
  await take("watcher-detail", "One camera of the watcher with its picture", 100, 36, ["2", "j", "Enter"])
} finally {
  demo.kill("SIGINT")
}
