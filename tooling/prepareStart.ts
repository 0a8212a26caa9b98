/**
 * What `npm start` does before it runs the program: builds what has changed since the last time. A script of its
 * own, so that the program then is npm's direct child: Ctrl-C reaches it alone, and its exit code is npm's.
 */
import { spawnSync } from "node:child_process"

const build = spawnSync(
  "turbo",
  ["run", "build", "bundle", "--filter=@blink-streams/cli...", "--output-logs=errors-only"],
  { encoding: "utf8", env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" } },
)
if (build.status !== 0) {
  process.stderr.write(`${build.stdout ?? ""}${build.stderr ?? ""}`)
  process.stderr.write(`the build failed${build.error ? `: ${build.error.message}` : ""}\n`)
  process.exit(1)
}
