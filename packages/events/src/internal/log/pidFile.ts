import { Effect, Option, Schema } from "effect"
import { readFileSync, rmSync, writeFileSync } from "node:fs"

/** File beside a log that names the process which has it open. The lock of SQLite decides; this is for its message. */
const pidFile = (log: string) => `${log}.pid`

const decodePid = Schema.decodeUnknownOption(Schema.FiniteFromString.check(Schema.isInt()))

/** Process that has the log open; `null` when it is not known. */
export const readPid = (log: string): number | null => {
  try {
    return Option.getOrNull(decodePid(readFileSync(pidFile(log), "utf8").trim()))
  } catch {
    return null
  }
}

/** Names this process until the scope closes. A folder that takes no more files changes only the message. */
export const holdPidFile = (log: string) =>
  Effect.acquireRelease(
    Effect.ignore(Effect.try(() => writeFileSync(pidFile(log), `${process.pid}\n`))),
    () => Effect.ignore(Effect.try(() => rmSync(pidFile(log), { force: true }))),
  )
