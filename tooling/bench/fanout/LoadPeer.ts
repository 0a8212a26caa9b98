import { randomBytes } from "node:crypto"
import { connect, type Socket } from "node:net"

/** Bytes of the start of a message that are read as text: the frame's fields before the event, and the event's id. */
const startBytes = 400

/** Messages to send after the upgrade, and the number of messages that the server sends before it is idle. */
export interface Greeting {
  readonly path: string
  readonly protocol: string | null
  readonly say: ReadonlyArray<string>
  readonly ready: number
}

const masked = (text: string): Buffer => {
  const payload = Buffer.from(text)
  const head = payload.length < 126 ? 2 : 4
  const frame = Buffer.alloc(head + 4 + payload.length)
  frame[0] = 0x81
  if (head === 2) frame[1] = 0x80 | payload.length
  else {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(payload.length, 2)
  }
  // A mask of zeros is valid and leaves the payload unchanged.
  payload.copy(frame, head + 4)
  return frame
}

/**
 * Minimal websocket reader: skips from frame header to frame header, so that the server and not this process is the
 * bottleneck.
 */
export class LoadPeer {
  readonly #socket: Socket
  #state: "upgrading" | "open" = "upgrading"
  #pending: Buffer | null = null
  /** Remaining payload bytes of the current frame. */
  #skip = 0
  messages = 0
  closed = false
  readonly ready: Promise<void>

  /** `onText` receives the available start of a message, at most 400 bytes. */
  constructor(port: number, greeting: Greeting, onText: ((start: string) => void) | null) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true })
    this.ready = new Promise((resolve, reject) => {
      const upgraded = () => {
        for (const text of greeting.say) this.#socket.write(masked(text))
        if (greeting.ready === 0) resolve()
      }
      this.#socket.on("data", (chunk) => {
        const before = this.messages
        if (this.#state === "upgrading") this.#upgrade(chunk, upgraded, onText)
        else this.#read(chunk, onText)
        if (before < greeting.ready && this.messages >= greeting.ready) resolve()
      })
      this.#socket.on("error", reject)
    })
    this.ready.catch(() => {})
    this.#socket.on("close", () => {
      this.closed = true
    })
    this.#socket.on("error", () => {})
    this.#socket.write(
      [
        `GET ${greeting.path} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
        ...(greeting.protocol === null ? [] : [`Sec-WebSocket-Protocol: ${greeting.protocol}`]),
        "\r\n",
      ].join("\r\n"),
    )
  }

  #upgrade(chunk: Buffer, upgraded: () => void, onText: ((start: string) => void) | null) {
    const all = this.#pending === null ? chunk : Buffer.concat([this.#pending, chunk])
    const end = all.indexOf("\r\n\r\n")
    this.#pending = end < 0 ? all : null
    if (end < 0) return
    this.#state = "open"
    upgraded()
    if (all.length > end + 4) this.#read(all.subarray(end + 4), onText)
  }

  #read(chunk: Buffer, onText: ((start: string) => void) | null) {
    let at = 0
    let data = chunk
    if (this.#pending !== null) {
      data = Buffer.concat([this.#pending, chunk])
      this.#pending = null
    }
    if (this.#skip > 0) {
      at = Math.min(this.#skip, data.length)
      this.#skip -= at
    }
    while (at < data.length) {
      const need = 2
      if (data.length - at < need) break
      const short = data[at + 1]! & 0x7f
      const head = short < 126 ? 2 : short === 126 ? 4 : 10
      if (data.length - at < head) break
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2))
      const isText = (data[at]! & 0x0f) === 1
      if (onText !== null && isText && data.length - at < head + Math.min(length, startBytes)) break
      if (onText !== null && isText)
        onText(data.toString("latin1", at + head, at + head + Math.min(length, startBytes)))
      if (isText) this.messages += 1
      at += head
      const here = Math.min(length, data.length - at)
      at += here
      this.#skip = length - here
    }
    if (at < data.length) this.#pending = data.subarray(at)
  }

  pause(): void {
    this.#socket.pause()
  }

  end(): void {
    this.#socket.destroy()
  }
}
