import type { CommandStatusMessage, ProtocolError } from "@blink-streams/protocol"
import type { Deferred, Fiber, Result, Schema } from "effect"

export type CommandStatusValue = (typeof CommandStatusMessage.Type)["status"]
/** Outcome of a command: its result value, or an error of the protocol. */
export type RecordedOutcome = Result.Result<Schema.Json, ProtocolError>

/** A command that runs, or whose outcome is kept. */
export interface CommandRecord {
  readonly key: string
  /**
   * SHA-256 of name, target, arguments and expectation. Detects an idempotency key that is reused for another
   * command.
   */
  readonly bodyHash: string
  readonly outcome: Deferred.Deferred<RecordedOutcome>
  readonly listeners: Set<(status: CommandStatusValue) => void>
  fiber: Fiber.Fiber<unknown> | null
  status: CommandStatusValue
  /** End in milliseconds since the epoch; `null` while the command runs. */
  endedAt: number | null
}

const retentionMs = 10 * 60_000
const maxRecords = 1_000

/** Commands by key. Outcomes are kept for 10 minutes, for at most 1,000 commands. */
export class CommandRecords {
  readonly #records = new Map<string, CommandRecord>()

  add(record: CommandRecord): void {
    this.#records.set(record.key, record)
  }

  find(key: string): CommandRecord | undefined {
    return this.#records.get(key)
  }

  remove(key: string): void {
    this.#records.delete(key)
  }

  /** Number of commands without an outcome. */
  get activeCount(): number {
    return [...this.#records.values()].filter(({ endedAt }) => endedAt === null).length
  }

  removeExpired(now: number): void {
    for (const [key, { endedAt }] of this.#records)
      if (endedAt !== null && (now - endedAt > retentionMs || this.#records.size > maxRecords))
        this.#records.delete(key)
  }
}
