import type { Change, Client, CommandOptions, CommandRequest, Connection, Json } from "@blink-streams/client"
import type { BlinkState } from "@blink-streams/model"
import { sampleState } from "./fixtures.ts"

interface SentCommand {
  readonly request: CommandRequest
  readonly options: CommandOptions
  readonly resolve: (value: Json) => void
  readonly reject: (error: unknown) => void
}

/** A client without a socket: the test sets its properties, emits its changes and answers its requests. */
export class FakeClient implements Client {
  state: BlinkState | null = sampleState()
  connection: Connection = { status: "live", since: "2026-11-24T14:00:00.000Z" }
  prompts: Client["prompts"] = []
  readonly cursor = null
  readonly server = null
  readonly scopes = []
  readonly commands: Array<SentCommand> = []
  readonly submitted: Array<{ readonly id: string; readonly value: string }> = []
  /** Outcome of the next submitted prompts. */
  submitResult: Promise<void> = Promise.resolve()
  readonly #listeners = new Set<(change: Change) => void>()

  get listenerCount(): number {
    return this.#listeners.size
  }

  emit(...changes: ReadonlyArray<Change>): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change)
  }

  /** Changes the connection and reports it. */
  connect(connection: Omit<Connection, "since">): void {
    this.connection = { since: this.connection.since, ...connection }
    this.emit({ type: "connection", connection: this.connection })
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  command(request: CommandRequest, options: CommandOptions = {}): Promise<Json> {
    return new Promise((resolve, reject) => this.commands.push({ request, options, resolve, reject }))
  }

  submitPrompt(id: string, value: string): Promise<void> {
    this.submitted.push({ id, value })
    return this.submitResult
  }

  events(): never {
    throw new Error("the screen subscribes to changes instead")
  }

  close(): void {
    this.connect({ status: "closed" })
  }
}
