/**
 * Appends motions to a log, as a poller does, and handles them with a durable reader, for tests that kill this process.
 * Writes the id of each event to stdout when its handler has ended. Without motions it only opens the reader.
 */
import type { ReaderOptions } from "../src/AccountMonitor.ts"
import { EventLog } from "../src/EventLog.ts"
import { handleEach } from "../src/handleEach.ts"
import { iterateHandled } from "../src/internal/promise/iterateHandled.ts"
import { iterateUntil } from "../src/internal/promise/iterateUntil.ts"
import { accountReaders } from "../src/internal/readers/accountReaders.ts"
import { readerObservable } from "../src/internal/rx/ReaderEvent.ts"
import { Effect } from "effect"
import { writeSync } from "node:fs"
import { flushCompileCache } from "node:module"
import { setTimeout as sleep } from "node:timers/promises"
import { lastValueFrom } from "rxjs"
import { account, motions } from "./fixtures.ts"

const [filename = "", api = "", save = "", motionCount = 0, throwsAt = 0] = process.argv
  .slice(2)
  .map((text) => (/^\d+$/.test(text) ? Number(text) : text))
const options: ReaderOptions<"motion"> = {
  reader: "killed",
  kinds: ["motion"],
  ...(save === "each" ? { save } : {}),
}
let handledCount = 0

const handler = async ({ id }: { readonly id: string }): Promise<void> => {
  await sleep(1)
  handledCount += 1
  if (handledCount === throwsAt) throw new Error("the lamp is broken")
  writeSync(1, `${id}\n`)
  await sleep(1)
}

const handleAll = async (log: EventLog["Service"]): Promise<unknown> => {
  const { deliveries, handleEvents } = accountReaders(log, account)
  if (api === "rxjs") return lastValueFrom(readerObservable(deliveries(options)).pipe(handleEach(handler)))
  if (api === "effect")
    return Effect.runPromise(handleEvents(options, (event) => Effect.tryPromise(() => handler(event))))
  for await (const event of iterateHandled(iterateUntil(deliveries(options), Effect.never, undefined)))
    await handler(event)
  return null
}

const append = Effect.fnUntraced(function* (log: EventLog["Service"]) {
  for (let from = 1; from <= Number(motionCount); from += 3) {
    const added = yield* log.append({ account, events: motions(from, from + 2) })
    if (added.length > 0) yield* Effect.sleep("2 millis")
  }
})

// Speeds up the next process. This one is killed, so it does not write the cache at its end.
flushCompileCache()

const program = EventLog.use((log) =>
  Effect.gen(function* () {
    if (motionCount === 0) {
      yield* log.openReader({ account, name: options.reader })
      writeSync(1, "opened\n")
      return yield* Effect.sleep("1 hour")
    }
    yield* Effect.forkChild(append(log))
    return yield* Effect.tryPromise(() => handleAll(log))
  }).pipe(Effect.scoped),
)

await Effect.runPromise(Effect.provide(program, EventLog.layerSqlite({ filename: String(filename) })))
