import type { BlinkState } from "@blink-streams/model"
import type { Prompt, ServerMessage } from "@blink-streams/protocol"
import type { Change } from "../Change.ts"
import type { Position } from "./events/Position.ts"
import { ReceivedEvents } from "./events/ReceivedEvents.ts"
import { reduce } from "./reduce.ts"

type MessageOf<Type extends ServerMessage["type"]> = Extract<ServerMessage, { readonly type: Type }>

/** State, prompts and position of a client. It applies the server's messages in order and drops events that it has received before. */
export class ClientState {
  #state: BlinkState | null = null
  /** Position of the last event that `state` reflects. */
  #stateSeq = 0
  #prompts: ReadonlyArray<Prompt> = []
  readonly #received = new ReceivedEvents(null)
  /**
   * True after the snapshot of this connection. The position of an earlier heartbeat does not cover this
   * subscription.
   */
  #isSubscribed = false

  get state(): BlinkState | null {
    return this.#state
  }
  get prompts(): ReadonlyArray<Prompt> {
    return this.#prompts
  }
  /** Everything up to here was received; `null` before the first snapshot. */
  get received(): Position | null {
    return this.#received.position
  }

  /** Starts a new connection: its subscription is not active yet. */
  startConnection(): void {
    this.#isSubscribed = false
  }

  /** Applies a message. Returns the changes for the listeners, in order. */
  apply(message: ServerMessage): ReadonlyArray<Change> {
    switch (message.type) {
      case "snapshot":
        return this.#applySnapshot(message)
      case "event":
        return this.#applyEvent(message)
      case "state":
        return this.#applyState(message)
      case "gap":
        return [{ type: "gap", from: message.from, to: message.to, reason: message.reason }]
      case "heartbeat": {
        if (this.#isSubscribed) this.#received.moveTo(message)
        const { cursor, serverTime, sources } = message
        return [{ type: "heartbeat", cursor, serverTime, sources }]
      }
      case "prompts":
        return this.#setPrompts(message.prompts)
      default:
        return []
    }
  }

  #setState(state: BlinkState): ReadonlyArray<Change> {
    this.#state = state
    return [{ type: "state", state }]
  }

  #setPrompts(prompts: ReadonlyArray<Prompt>): ReadonlyArray<Change> {
    this.#prompts = prompts
    return [{ type: "prompts", prompts }]
  }

  #applySnapshot(message: MessageOf<"snapshot">): ReadonlyArray<Change> {
    // Replayed events precede the snapshot's position, so they move the cursor.
    if (message.resume !== "replayed") this.#received.moveTo(message)
    this.#isSubscribed = true
    this.#stateSeq = message.seq
    return [...this.#setState(message.state), ...this.#setPrompts(message.prompts)]
  }

  #applyEvent(message: MessageOf<"event">): ReadonlyArray<Change> {
    if (!this.#received.add(message)) return []
    const { seq, event, cursor } = message
    const before = this.#state
    if (before !== null && seq > this.#stateSeq) {
      this.#stateSeq = seq
      this.#state = reduce(before, event)
    }
    const change: Change = { type: "event", event: { ...event, cursor, replayed: event.replayed === true } }
    return this.#state === null || this.#state === before
      ? [change]
      : [change, { type: "state", state: this.#state }]
  }

  #applyState(message: MessageOf<"state">): ReadonlyArray<Change> {
    if (this.#state === null || message.seq < this.#stateSeq) return []
    const others = this.#state.accounts.filter(({ account }) => account !== message.state.account)
    return this.#setState({ accounts: [...others, message.state].sort((a, b) => a.account - b.account) })
  }
}
