import type { ClientMessage, ServerMessage } from "@blink-streams/protocol"
import { type ClientOptions, WebSocket } from "ws"

type Of<Type extends ServerMessage["type"]> = Extract<ServerMessage, { readonly type: Type }>

/** Returns the error of a result; `null` when it succeeded. */
export const errorOf = (result: Of<"result">) => (result.ok ? null : result.error)

/** Returns the value of a result; `undefined` when it failed. */
export const valueOf = (result: Of<"result">) => (result.ok ? result.value : undefined)

/** A websocket client for tests that stores every message it receives. */
export class TestClient {
  readonly socket: WebSocket
  readonly received: Array<ServerMessage> = []
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  #read = 0
  #wake = () => {}
  #ended = false

  constructor(
    url: string,
    protocols: string | Array<string> = "blink-streams.v1",
    options: ClientOptions = {},
  ) {
    this.socket = new WebSocket(url, protocols, options)
    this.socket.on("message", (data: Buffer) => {
      this.received.push(JSON.parse(data.toString()))
      this.#wake()
    })
    this.closed = new Promise((resolve) =>
      this.socket.on("close", (code, reason) => {
        this.#ended = true
        this.#wake()
        resolve({ code, reason: String(reason) })
      }),
    )
    this.socket.on("error", () => {})
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  /** Returns the next message that `isWanted` accepts. Earlier messages are skipped. */
  async nextThat<Message extends ServerMessage>(
    isWanted: (message: ServerMessage) => message is Message,
  ): Promise<Message> {
    for (;;) {
      const message = this.received[this.#read]
      if (message !== undefined) {
        this.#read += 1
        if (isWanted(message)) return message
        continue
      }
      if (this.#ended) throw new Error(`closed after ${JSON.stringify(this.received.at(-1))}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Returns the next message of a type. Earlier messages of other types are skipped. */
  next<Type extends ServerMessage["type"]>(type: Type): Promise<Of<Type>> {
    return this.nextThat((message): message is Of<Type> => message.type === type)
  }

  async nextMany<Type extends ServerMessage["type"]>(
    type: Type,
    count: number,
  ): Promise<ReadonlyArray<Of<Type>>> {
    const found: Array<Of<Type>> = []
    while (found.length < count) found.push(await this.next(type))
    return found
  }

  /** Authenticates and waits for `ready`. */
  async authenticate(token: string): Promise<this> {
    await this.next("hello")
    this.send({ type: "auth", id: "a", token })
    await this.next("ready")
    return this
  }
}
