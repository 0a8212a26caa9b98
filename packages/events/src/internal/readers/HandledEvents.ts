import type { Seq } from "@blink-streams/model"

/**
 * The events of one reader that were delivered and not handled yet. They may be handled in any order; the position moves
 * up to the first unhandled one.
 */
export class HandledEvents {
  /** The position before each, in the order of the log, which is the order of insertion. */
  readonly #unhandled = new Map<Seq, Seq>()
  #last: Seq

  constructor(start: Seq) {
    this.#last = start
  }

  /** Everything up to here is handled or of no interest. */
  get position(): Seq {
    const [before] = this.#unhandled.values()
    return before ?? this.#last
  }

  get unhandled(): number {
    return this.#unhandled.size
  }

  /** A `gap` stands for many events. The position stays before them until it is handled. */
  deliver(seq: Seq): void {
    this.#unhandled.set(seq, this.#last)
    this.#last = seq
  }

  /** Passes an event that the reader does not want. */
  passOver(seq: Seq): void {
    this.#last = seq
  }

  /** Returns false when the event was handled before. */
  handle(seq: Seq): boolean {
    return this.#unhandled.delete(seq)
  }
}
