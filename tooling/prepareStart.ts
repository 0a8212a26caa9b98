/**
 * What `npm start` does before it runs the program: builds what has changed since the last time. A script of its
 * own, so that the program then is npm's direct child: Ctrl-C reaches it alone, and its exit code is npm's.
 */
import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"

const build = spawn(
  "turbo",
  ["run", "build", "bundle", "--filter=@blink-streams/cli...", "--output-logs=errors-only"],
  { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" } },
)
// Nothing to build takes less than a second and is not worth a line.
const progress = setTimeout(() => process.stderr.write("building what has changed…\n"), 1_000)
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
