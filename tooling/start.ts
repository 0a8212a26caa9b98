/**
 * `npm start`: builds what has changed since the last time, then runs `blink-streams start` with the arguments
 * given after `--`.
 */
import { spawnSync } from "node:child_process"

const build = spawnSync(
  "turbo",
  ["run", "build", "bundle", "--filter=@blink-streams/cli...", "--output-logs=errors-only"],
  {
    encoding: "utf8",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
  },
)
if (build.status !== 0) {
  process.stderr.write(`${build.stdout ?? ""}${build.stderr ?? ""}`)
  process.stderr.write(`the build failed${build.error ? `: ${build.error.message}` : ""}\n`)
  process.exit(1)
}
process.argv.splice(2, 0, "start")
await import(new URL("../apps/cli/bin/blink-streams.js", import.meta.url).href)
