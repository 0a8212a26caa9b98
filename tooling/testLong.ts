/**
 * `npm run test:long`: the long form of tests (more histories, more kills), tests named `*.long.test.ts`, short soaks, and
 * mutation testing.
 * Ends with the totals as `npm run test` does in CI.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const folder = mkdtempSync(join(tmpdir(), "blink-streams-long-"))
const report = join(folder, "tests.json")
const run = (
  command: string,
  args: ReadonlyArray<string>,
  environment: Readonly<Record<string, string>>,
): boolean => {
  process.stdout.write(`\n== ${[command, ...args].join(" ")}\n`)
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...environment } })
  return status === 0
}

let passed = 0
let failed = 0
const files = ["groundTruth", "killedBroadcaster", ".long.test"]
run("vitest", ["run", ...files, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], {
  TEST_LONG: "1",
})
try {
  const totals: { readonly numPassedTests: number; readonly numFailedTests: number } = JSON.parse(
    readFileSync(report, "utf8"),
  )
  passed += totals.numPassedTests
  failed += totals.numFailedTests
} catch {
  failed += 1
}
rmSync(folder, { recursive: true })

for (const [name, environment] of [
  ["events", { SOAK_RUNS: "2000" }],
  ["server", { SOAK_MINUTES: "5" }],
] as const) {
  const args = ["--conditions=@blink-streams/source", "tooling/soak/main.ts", name]
  if (run(process.execPath, args, environment)) passed += 1
  else failed += 1
}

if (run(process.execPath, ["tooling/mutate/main.ts"], {})) passed += 1
else failed += 1

process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
