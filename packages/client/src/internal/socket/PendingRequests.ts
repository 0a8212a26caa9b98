import type { ClientMessage, CommandStatusMessage, Result } from "@blink-streams/protocol"
import type { Json } from "../../Client.ts"
import { RequestError } from "../../RequestError.ts"

type CommandStatus = (typeof CommandStatusMessage.Type)["status"]
type RequestBody<M = ClientMessage> = M extends { readonly id: string } ? Omit<M, "id"> : never

interface PendingRequest {
  readonly message: ClientMessage
  /** True when it has been sent on any connection, so the server may run it. */
  sent: boolean
  /** Sends `cancel` when the caller's signal has aborted. */
  readonly cancelIfAborted: () => void
  readonly resolve: (value: Json) => void
  readonly reject: (error: RequestError) => void
  readonly onStatus: ((status: CommandStatus) => void) | undefined
}

/** Requests without a `result` yet. They survive a reconnect: the next connection sends them again. */
export class PendingRequests {
  readonly #pending = new Map<string, PendingRequest>()
  readonly #send: (message: ClientMessage) => boolean
  #lastId = 0
  /** Message of the error with which every request rejects; `null` while requests are sent. */
  #closedBecause: string | null = null

  constructor(send: (message: ClientMessage) => boolean) {
    this.#send = send
  }

  request(
    body: RequestBody,
    onStatus?: (status: CommandStatus) => void,
    signal?: AbortSignal,
  ): Promise<Json> {
    const id = `r${++this.#lastId}`
    return new Promise<Json>((resolve, reject) => {
      if (this.#closedBecause !== null) return reject(closedError(this.#closedBecause))
      if (signal?.aborted) return reject(cancelledError())
      const cancel = () => {
        if (pending.sent) this.#send({ type: "cancel", id: `r${++this.#lastId}`, command: id })
        else {
          this.#pending.delete(id)
          reject(cancelledError())
        }
      }
      signal?.addEventListener("abort", cancel, { once: true })
      const removeListener = () => signal?.removeEventListener("abort", cancel)
      const message: ClientMessage = { ...body, id }
      const pending: PendingRequest = {
        message,
        sent: this.#send(message),
        cancelIfAborted: () => signal?.aborted && cancel(),
        onStatus,
        resolve: (value) => (removeListener(), resolve(value)),
        reject: (error) => (removeListener(), reject(error)),
      }
      this.#pending.set(id, pending)
    })
  }

  /**
   * Sends all pending requests on a new connection. Idempotency keys prevent a second execution of commands.
   */
  resend(): void {
    for (const pending of this.#pending.values()) {
      pending.sent = this.#send(pending.message)
      // The command may be running. The server can only cancel it after it has received it on this connection.
      pending.cancelIfAborted()
    }
  }

  handleStatus(id: string, status: CommandStatus): void {
    this.#pending.get(id)?.onStatus?.(status)
  }

  handleResult(result: Result): void {
    const pending = this.#pending.get(result.id)
    this.#pending.delete(result.id)
    if (result.ok) pending?.resolve(result.value)
    else pending?.reject(new RequestError(result.error))
  }

  close(reason = "the connection is closed"): void {
    this.#closedBecause = reason
    for (const { reject } of this.#pending.values()) reject(closedError(reason))
    this.#pending.clear()
  }
}

const closedError = (message: string) =>
  new RequestError({ code: "connection_closed", message, retryable: false })
const cancelledError = () =>
  new RequestError({ code: "cancelled", message: "cancelled before it was sent", retryable: false })
