import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { account, motion, motions, secret, startServer, stateAt } from "../../server/test/testServer.ts"

const script = new URL("./readUntilKilled.ts", import.meta.url).pathname

/** A program that handles motion events, and what it prints. */
class Reader {
  readonly process: ChildProcess
  readonly lines: Array<string> = []
  readonly #ended: Promise<unknown>
  #wake = () => {}

  constructor(url: string, folder: string, surface: string, throwing: number) {
    const parameters = [url, secret, folder, surface, String(throwing)]
    this.process = spawn(process.execPath, ["--conditions=@blink-streams/source", script, ...parameters], {
      stdio: ["ignore", "pipe", "inherit"],
      // Speeds up the starts of the same code.
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "blink-streams-compiled") },
    })
    this.#ended = once(this.process, "exit")
    const output = createInterface({ input: this.process.stdout! })
    output.on("line", (line) => {
      this.lines.push(line)
      this.#wake()
    })
    output.on("close", () => this.#wake())
  }

  /** Resolves once it has printed a line that starts with `text`. */
  async printed(text: string): Promise<void> {
    while (!this.lines.some((line) => line.startsWith(text))) {
      if (this.process.exitCode !== null) throw new Error(`ended after ${this.lines.at(-1)}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  async ended(): Promise<void> {
    await this.#ended
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL")
    await this.#ended
  }
}

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "blink-streams-test-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
)

/** A server, a folder, and readers that are killed when the test ends. */
const setUp = Effect.fnUntraced(function* (surface: string, throwing = 0) {
  const server = yield* startServer()
  const folder = yield* temporaryFolder
  const start = Effect.acquireRelease(
    Effect.sync(() => new Reader(server.url, folder, surface, throwing)),
    (reader) => Effect.promise(() => reader.kill()),
  )
  const handled = () => readFileSync(join(folder, "handled"), "utf8").trim().split("\n")
  return { server, start, handled }
})

const ids = (from: number, to: number) => motions(from, to).map(({ id }) => String(id))

/** Asserts that every motion was handled, in order but for what came again after the kill. */
const assertNoneSkipped = (handled: ReadonlyArray<string>, last: number) => {
  assert.deepStrictEqual([...new Set(handled)], ids(1, last))
  // What comes again is a run that ends where the program was killed.
  const repeated = handled.findIndex((id, index) => handled.indexOf(id) < index)
  if (repeated >= 0)
    assert.deepStrictEqual(handled.slice(repeated), ids(Number(handled[repeated]!.split(":")[1]), last))
}

for (const surface of ["a loop", "an observable"]) {
  it.live(
    `A program with ${surface} that is killed before its first event handles all events after the restart`,
    () =>
      Effect.gen(function* () {
        const { server, start, handled } = yield* setUp(surface.split(" ")[1]!)
        yield* server.log.append({ account, events: [], state: stateAt(1) })
        const first = yield* start
        yield* Effect.promise(() => first.printed("saved"))
        yield* Effect.promise(() => first.kill())
        yield* server.log.append({ account, events: motions(1, 5) })
        const second = yield* start
        yield* Effect.promise(() => second.printed("handled motion:5"))
        yield* server.log.append({ account, events: [motion(6)] })
        yield* Effect.promise(() => second.printed("handled motion:6"))
        assert.deepStrictEqual(handled(), ids(1, 6))
      }).pipe(Effect.scoped),
  )

  it.live(`A program with ${surface} and a slow handler that is killed between events skips none`, () =>
    Effect.gen(function* () {
      const { server, start, handled } = yield* setUp(surface.split(" ")[1]!)
      yield* server.log.append({ account, events: [], state: stateAt(1) })
      const first = yield* start
      yield* Effect.promise(() => first.printed("saved"))
      // In one batch, so that the client has received what the handler has not begun.
      yield* server.log.append({ account, events: motions(1, 40) })
      yield* Effect.promise(() => first.printed("begun motion:15"))
      yield* Effect.promise(() => first.kill())
      const second = yield* start
      yield* server.log.append({ account, events: motions(41, 42) })
      yield* Effect.promise(() => second.printed("handled motion:42"))
      assertNoneSkipped(handled(), 42)
    }).pipe(Effect.scoped),
  )

  it.live(`A program with ${surface} and a slow handler that is killed during the replay skips none`, () =>
    Effect.gen(function* () {
      const { server, start, handled } = yield* setUp(surface.split(" ")[1]!)
      yield* server.log.append({ account, events: motions(1, 60), state: stateAt(1) })
      const first = yield* start
      yield* Effect.promise(() => first.printed("begun motion:30"))
      yield* Effect.promise(() => first.kill())
      const second = yield* start
      yield* Effect.promise(() => second.printed("handled motion:60"))
      assertNoneSkipped(handled(), 60)
    }).pipe(Effect.scoped),
  )

  it.live(`An error of the handler ends ${surface} and does not move the position`, () =>
    Effect.gen(function* () {
      const { server, start, handled } = yield* setUp(surface.split(" ")[1]!, 7)
      yield* server.log.append({ account, events: motions(1, 12), state: stateAt(1) })
      const first = yield* start
      yield* Effect.promise(() => first.ended())
      assert.include(first.lines.join("\n"), "failed no way to handle motion:7")
      assert.deepStrictEqual(handled(), ids(1, 6))
      const second = yield* start
      yield* Effect.promise(() => second.printed("handled motion:12"))
      assert.deepStrictEqual(handled(), ids(1, 12))
    }).pipe(Effect.scoped),
  )
}
