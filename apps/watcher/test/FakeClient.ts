import type {
  Change,
  Client,
  ClientEventsOptions,
  CommandOptions,
  CommandRequest,
  Connection,
  Json,
  ReceivedEvent,
} from "@blink-streams/client"
import type { BlinkState, EventKind } from "@blink-streams/model"
import { EventEmitter, on } from "node:events"
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
  /** Options of each iteration of events. */
  readonly iterations: Array<ClientEventsOptions> = []
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #events = new EventEmitter()

  /** Number of listeners and open iterations. */
  get listenerCount(): number {
    return this.#listeners.size + this.#events.listenerCount("event")
  }

  emit(...changes: ReadonlyArray<Change>): void {
    for (const change of changes) {
      for (const listener of this.#listeners) listener(change)
      if (change.type === "event") this.#events.emit("event", change.event)
    }
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

  async *events<Kind extends EventKind>(
    options: ClientEventsOptions<Kind> = {},
  ): AsyncIterable<ReceivedEvent<Kind | "gap">> {
    const { signal } = options
    this.iterations.push(options)
    try {
      for await (const [event] of on(this.#events, "event", signal === undefined ? {} : { signal }))
        yield event
    } catch (error) {
      if (signal?.aborted !== true) throw error
    }
  }

  close(): void {
    this.connect({ status: "closed" })
  }
}
