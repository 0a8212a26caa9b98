/**
 * `npm run mutate`: changes one expression or statement of a pure file at a time, and runs the tests of its package.
 * Prints the share of changes that a test notices, and those that none does. Fails when a file is below its goal.
 */
import { readFileSync } from "node:fs"
import { basename, join, resolve } from "node:path"
import type { MutantText } from "./Mutant.ts"
import { mutateFile, type MutationResult } from "./mutateFile.ts"
import { targets } from "./targets.ts"

const root = resolve(import.meta.dirname, "../..")
const nameOf = (file: string) => basename(file, ".ts")
const names = targets.map(({ file }) => nameOf(file))

/** Survivors that no test can or should notice, with the reason. */
const accepted: ReadonlyArray<
  Pick<MutantText, "original" | "mutated"> & { readonly file: string; readonly reason: string }
> = JSON.parse(readFileSync(join(import.meta.dirname, "survivors.json"), "utf8"))

const args = process.argv.slice(2)
const wanted = args.filter((arg) => !arg.startsWith("-"))
const unknown = args.filter((arg) => arg !== "--own" && !names.includes(arg))
if (unknown.length > 0) {
  const isHelp = unknown.includes("--help")
  if (!isHelp) process.stderr.write(`there is no file "${unknown.join('", "')}" to mutate\n`)
  process.stderr.write(
    `usage: npm run mutate -- [--own] [${names.join("|")}]
  --own  run only the tests of the file itself
`,
  )
  process.exit(isHelp ? 0 : 1)
}

const isSame = (a: Pick<MutantText, "original" | "mutated">, b: typeof a) =>
  a.original === b.original && a.mutated === b.mutated
const reasonFor = (file: string, text: MutantText) =>
  accepted.find((known) => known.file === file && isSame(known, text))?.reason

const results: Array<MutationResult> = []
for (const target of targets.filter(({ file }) => wanted.length === 0 || wanted.includes(nameOf(file)))) {
  results.push(
    await mutateFile(root, target, {
      isAccepted: (text) => reasonFor(target.file, text) !== undefined,
      onlyOwn: args.includes("--own"),
      onProgress: (tried, survived, of) => {
        if (process.stderr.isTTY)
          process.stderr.write(`\r${nameOf(target.file)}: ${tried} of ${of}, ${survived} survived`)
      },
    }),
  )
  if (process.stderr.isTTY) process.stderr.write("\n")
}

for (const { target, survivors } of results)
  for (const text of survivors) {
    const reason = reasonFor(target.file, text) ?? "no reason given"
    process.stdout.write(
      `${target.file}:${text.line} (${reason})\n  - ${text.original}\n  + ${text.mutated}\n`,
    )
  }

const scoreOf = ({ mutants, survivors }: MutationResult) => 1 - survivors.length / mutants.length
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
console.table(
  Object.fromEntries(
    results.map((result) => [
      nameOf(result.target.file),
      {
        mutants: result.mutants.length,
        killed: result.mutants.length - result.survivors.length,
        survived: result.survivors.length,
        score: percent(scoreOf(result)),
        goal: percent(result.target.goal),
      },
    ]),
  ),
)

const problems = [
  ...results
    .filter((result) => scoreOf(result) < result.target.goal)
    .map(({ target }) => `${target.file} is below its goal`),
  ...accepted.flatMap(({ file, ...known }) => {
    const result = results.find(({ target }) => target.file === file)
    const isGone =
      result === undefined
        ? !targets.some((target) => target.file === file)
        : !result.mutants.some((text) => isSame(known, text))
    return isGone
      ? [`survivors.json has a reason for a mutant that ${file} no longer has: ${known.mutated}`]
      : []
  }),
]
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exit(problems.length === 0 ? 0 : 1)
