import type { ServerMessage } from "@blink-streams/protocol"
import { type Position, positionOf } from "./Position.ts"

type EventMessage = Extract<ServerMessage, { readonly type: "event" }>

/** Number of recent event ids to remember: another log may contain the same events. */
const maxRememberedIds = 1_000

/** Position up to which a subscription has received its events. Recognises events that arrive again. */
export class ReceivedEvents {
  #position: Position | null
  readonly #ids = new Set<string>()

  constructor(position: Position | null) {
    this.#position = position
  }

  /** `null` before the first snapshot, when the subscription began at no position. */
  get position(): Position | null {
    return this.#position
  }

  moveTo(position: Position): void {
    this.#position = positionOf(position)
  }

  /** Moves to an event. Returns false when it was received before. */
  add(message: EventMessage): boolean {
    if (this.#position?.epoch === message.epoch && message.seq <= this.#position.seq) return false
    this.moveTo(message)
    const { id } = message.event
    if (this.#ids.has(id)) return false
    this.#ids.add(id)
    const [oldest] = this.#ids
    if (oldest !== undefined && this.#ids.size > maxRememberedIds) this.#ids.delete(oldest)
    return true
  }
}
