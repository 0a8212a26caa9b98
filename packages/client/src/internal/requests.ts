import type { ClientMessage, CommandStatus, Result } from "@blink-streams/protocol"
import type { Json } from "../Client.ts"
import { CommandError } from "../CommandError.ts"

type Status = (typeof CommandStatus.Type)["status"]
type Body<M = ClientMessage> = M extends { readonly id: string } ? Omit<M, "id"> : never

interface Waiting {
  readonly message: ClientMessage
  /** The server may have heard of it. */
  sent: boolean
  /** Sends `cancel` when it was asked for. */
  readonly cancelIfAborted: () => void
  readonly resolve: (value: Json) => void
  readonly reject: (error: CommandError) => void
  readonly onStatus: ((status: Status) => void) | undefined
}

/** Requests that wait for their `result`. They outlive a connection: the next one sends them again. */
export class Requests {
  readonly #waiting = new Map<string, Waiting>()
  readonly #send: (message: ClientMessage) => boolean
  #last = 0
  #closed = false

  constructor(send: (message: ClientMessage) => boolean) {
    this.#send = send
  }

  request(body: Body, onStatus?: (status: Status) => void, signal?: AbortSignal): Promise<Json> {
    const id = `r${++this.#last}`
    return new Promise<Json>((resolve, reject) => {
      if (this.#closed) return reject(closed())
      if (signal?.aborted) return reject(cancelled())
      const cancel = () => {
        if (waiting.sent) this.#send({ type: "cancel", id: `r${++this.#last}`, command: id })
        else {
          this.#waiting.delete(id)
          reject(cancelled())
        }
      }
      signal?.addEventListener("abort", cancel, { once: true })
      const done = () => signal?.removeEventListener("abort", cancel)
      const message: ClientMessage = { ...body, id }
      const waiting: Waiting = {
        message,
        sent: this.#send(message),
        cancelIfAborted: () => signal?.aborted && cancel(),
        onStatus,
        resolve: (value) => (done(), resolve(value)),
        reject: (error) => (done(), reject(error)),
      }
      this.#waiting.set(id, waiting)
    })
  }

  /** After a new connection. Commands carry their idempotency key, so that none is run twice. */
  resend(): void {
    for (const waiting of this.#waiting.values()) {
      waiting.sent = this.#send(waiting.message)
      // The server may be at it, so it has to hear of the command before it can cancel it.
      waiting.cancelIfAborted()
    }
  }

  status(id: string, status: Status): void {
    this.#waiting.get(id)?.onStatus?.(status)
  }

  result({ id, ok, value, error }: typeof Result.Type): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (ok) waiting?.resolve(value ?? null)
    else
      waiting?.reject(new CommandError(error ?? { message: "the server gave no reason", retryable: false }))
  }

  close(): void {
    this.#closed = true
    for (const { reject } of this.#waiting.values()) reject(closed())
    this.#waiting.clear()
  }
}

const closed = () => new CommandError({ message: "the connection is closed", retryable: false })
const cancelled = () =>
  new CommandError({ code: "cancelled", message: "cancelled before it was sent", retryable: false })
