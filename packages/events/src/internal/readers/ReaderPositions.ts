import type { AccountId, Seq } from "@blink-streams/model"

/** A position that is written to the log. */
export interface ReaderPosition {
  readonly account: AccountId
  readonly name: string
  readonly seq: Seq
}

/** A reader in memory. `position` is the newest, `saved` the one in the log. */
export interface Reader {
  readonly account: AccountId
  readonly name: string
  position: Seq
  saved: Seq
  savedAt: number
  /** The position moved by a handled event since it was saved. */
  due: boolean
  /** Owner that has it open; `null` while it is closed. */
  owner: unknown
}

const key = (account: AccountId, name: string) => `${account}:${name}`

/** The readers of one log, in memory. They change with each event, the log at most once a second. */
export class ReaderPositions {
  readonly #readers = new Map<string, Reader>()

  add({ account, name, seq }: ReaderPosition, savedAt: number): Reader {
    const reader: Reader = { account, name, position: seq, saved: seq, savedAt, due: false, owner: null }
    this.#readers.set(key(account, name), reader)
    return reader
  }

  get(account: AccountId, name: string): Reader | undefined {
    return this.#readers.get(key(account, name))
  }

  delete({ account, name }: Reader): void {
    this.#readers.delete(key(account, name))
  }

  get all(): ReadonlyArray<Reader> {
    return [...this.#readers.values()]
  }

  /** Positions to write with the next commit: those that are due, and those that would no longer be kept. */
  due(oldest: number): ReadonlyArray<ReaderPosition> {
    return this.#positions(({ due, saved, position }) => due || (position !== saved && saved + 1 < oldest))
  }

  /** Positions that differ from those in the log. */
  moved(): ReadonlyArray<ReaderPosition> {
    return this.#positions(({ position, saved }) => position !== saved)
  }

  /** Notes that positions were committed. A reader may have moved on since they were taken. */
  committed(positions: ReadonlyArray<ReaderPosition>, now: number): void {
    for (const { account, name, seq } of positions) {
      const reader = this.get(account, name)
      if (reader === undefined) continue
      reader.saved = seq
      reader.savedAt = now
      if (reader.position === seq) reader.due = false
    }
  }

  #positions(isDue: (reader: Reader) => boolean): ReadonlyArray<ReaderPosition> {
    return this.all.filter(isDue).map(({ account, name, position }) => ({ account, name, seq: position }))
  }
}
