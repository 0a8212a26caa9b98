/** `npm run bench -- NAME`: prints a table and, in the last line, the figures as one JSON object. */
import { readdirSync } from "node:fs"
import type { BenchReport } from "./BenchReport.ts"

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => file.slice(0, -".bench.ts".length))
const name = process.argv[2]

if (name === undefined || !names.includes(name)) {
  const message = name === undefined || name === "--help" ? "" : `there is no benchmark "${name}"\n`
  process.stderr.write(`${message}usage: npm run bench -- <${names.join("|")}>\n`)
  process.exit(name === "--help" ? 0 : 1)
}

const { default: run } = (await import(`./${name}.bench.ts`)) as {
  readonly default: () => Promise<BenchReport>
}
const { ratios, figures, goals } = await run()
const measured: Record<string, number | undefined> = { ...figures, ...ratios }
const rows = Object.entries(measured).map(([what, value]) => {
  const goal = goals[what]
  if (goal === undefined) return { what, value, goal: "", met: "" }
  const met = value !== undefined && ("atMost" in goal ? value <= goal.atMost : value >= goal.atLeast)
  return {
    what,
    value,
    goal: "atMost" in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`,
    met: met ? "yes" : "no",
  }
})
const missing = Object.keys(goals).filter((what) => measured[what] === undefined)
if (missing.length > 0) throw new Error(`goals without a measurement: ${missing.join(", ")}`)
console.table(Object.fromEntries(rows.map(({ what, ...row }) => [what, row])))
console.log(JSON.stringify({ name, ratios, figures, goals, met: rows.every((row) => row.met !== "no") }))
process.exit(0)
