/**
 * Builds changed packages before `npm start` runs the program. It is a script of its own so that the program is a direct
 * child of npm: only the program receives Ctrl-C, and its exit code is that of npm.
 */
import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"

const build = spawn(
  "turbo",
  ["run", "build", "bundle", "--filter=blink-streams...", "--output-logs=errors-only"],
  { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" } },
)
// Without changes the build takes less than a second; print nothing then.
const progress = setTimeout(() => process.stderr.write("building changed packages\n"), 1_000)
const [code, ...output] = await Promise.all([
  new Promise<number | null>((resolve, reject) => build.once("close", resolve).once("error", reject)),
  text(build.stdout),
  text(build.stderr),
])
clearTimeout(progress)
if (code !== 0) {
  process.stderr.write(`${output.join("")}the build failed\n`)
  process.exit(1)
}
