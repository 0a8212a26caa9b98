import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { temporaryFileInMemory } from "./temporaryFile.ts"

export const apis = ["promises", "rxjs", "effect"] as const

interface Run {
  readonly filename: string
  readonly api: (typeof apis)[number]
  readonly save: "each" | "interval"
  readonly motions: number
  /** The process is killed when it has written these lines. */
  readonly killWhen: (lines: ReadonlyArray<string>) => boolean
  /** The handler throws at this event of the run. Default: never. */
  readonly throwAt?: number
}

const script = new URL("./readUntilKilled.ts", import.meta.url).pathname

/** Starts a process that reads the log, or only opens its reader when there are no motions. */
export const startReader = ({ filename, api, save, motions, throwAt = 0 }: Omit<Run, "killWhen">) => {
  const settings = [filename, api, save, motions, throwAt].map(String)
  return spawn(process.execPath, ["--conditions=@blink-streams/source", script, ...settings], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "blink-streams-compiled") },
  })
}

/** Runs a process until it is killed or ends. Returns the lines that it wrote, and its exit code. */
const run = async ({ killWhen, ...settings }: Run) => {
  const child = startReader(settings)
  const exited = once(child, "exit")
  const lines: Array<string> = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (killWhen(lines)) child.kill("SIGKILL")
  }
  await exited
  return { lines, code: child.exitCode }
}

const numberOf = (line: string) => Number(line.split(":")[1])

/**
 * Handles motions in processes that are killed before the first event, during replay and between events, and one whose
 * handler throws. Checks that every motion is handled, in order, and which ones are repeated.
 */
export const handleUntilKilled = Effect.fnUntraced(function* (options: {
  readonly api: Run["api"]
  readonly save: Run["save"]
  readonly killsAt: ReadonlyArray<number>
}) {
  const filename = yield* temporaryFileInMemory("log.sqlite")
  const motions = 3 * Math.ceil((options.killsAt.reduce((sum, count) => sum + count, 0) + 30) / 3)
  const last = `motion:${motions}`
  const runs: ReadonlyArray<Pick<Run, "killWhen" | "throwAt">> = [
    ...options.killsAt.map((count) => ({
      killWhen: (lines: ReadonlyArray<string>) => lines.length >= count,
    })),
    { killWhen: () => false, throwAt: 7 },
    { killWhen: (lines) => lines.includes(last) },
  ]
  const before = { ...options, filename, motions: 0, killWhen: () => true }
  assert.deepStrictEqual((yield* Effect.promise(() => run(before))).lines, ["opened"])

  let handled = 0
  let lastOfRun = 0
  let killed = true
  for (const each of runs) {
    const { lines, code } = yield* Effect.promise(() => run({ ...options, ...each, filename, motions }))
    const numbers = lines.map(numberOf)
    const first = numbers[0] ?? 0
    // In order and without holes, from an event that was not saved as handled.
    assert.deepStrictEqual(
      numbers,
      numbers.map((_, index) => first + index),
    )
    assert.isAtMost(first, handled + 1)
    if (options.save === "each") assert.isAtLeast(first, handled)
    // A handler that throws ends the process in order: what was handled before is saved.
    if (!killed) assert.strictEqual(first, lastOfRun + 1)
    lastOfRun = numbers.at(-1) ?? lastOfRun
    handled = Math.max(handled, ...numbers)
    killed = code === null
    assert.strictEqual(code, each.throwAt === undefined ? null : 1)
  }
  assert.strictEqual(handled, motions)
})
