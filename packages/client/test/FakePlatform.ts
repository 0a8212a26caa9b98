import { Cursor } from "@blink-streams/model"
import type { ServerMessage } from "@blink-streams/protocol"
import type { Platform, Socket } from "../src/internal/platform.ts"

/** Platform with a clock that tests advance and sockets whose server side tests control. */
export class FakePlatform implements Platform {
  time = 0
  readonly sockets: Array<FakeSocket> = []
  readonly #timers: Array<{ readonly at: number; readonly run: () => void; cancelled: boolean }> = []
  readonly WebSocket: Platform["WebSocket"]

  constructor() {
    const { sockets } = this
    this.WebSocket = class extends FakeSocket {
      constructor(url: string) {
        super(url)
        sockets.push(this)
      }
    }
  }

  now() {
    return this.time
  }

  random() {
    return 0.5
  }

  setTimer(ms: number, run: () => void) {
    const timer = { at: this.time + ms, run, cancelled: false }
    this.#timers.push(timer)
    return () => {
      timer.cancelled = true
    }
  }

  advance(ms: number) {
    const end = this.time + ms
    for (;;) {
      const next = this.#timers
        .filter((due) => !due.cancelled && due.at <= end)
        .sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      next.cancelled = true
      this.time = next.at
      next.run()
    }
    this.time = end
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!
  }
}

const positionAt = (seq: number, epoch = "e") => ({
  cursor: Cursor.make(`${epoch}:${seq}`),
  epoch: epoch as never,
  seq: seq as never,
})

export class FakeSocket implements Socket {
  readonly url: string
  readonly sent: Array<{ readonly type: string } & Record<string, unknown>> = []
  readonly #listeners = new Map<string, (event: { data?: unknown; code?: number; reason?: string }) => void>()
  closedWith: number | null = null
  /** Marks the next event as replayed. */
  replaysNext = false

  constructor(url: string) {
    this.url = url
  }

  addEventListener(
    type: string,
    listener: (event: { data?: unknown; code?: number; reason?: string }) => void,
  ) {
    this.#listeners.set(type, listener)
  }

  send(text: string) {
    this.sent.push(JSON.parse(text))
  }

  close(code = 1000) {
    this.closedWith = code
  }

  receive(message: ServerMessage) {
    this.receiveText(JSON.stringify(message))
  }

  receiveText(data: string) {
    this.#listeners.get("message")?.({ data })
  }

  disconnect(code = 1006, reason = "") {
    this.#listeners.get("close")?.({ code, reason })
  }

  /** Sends all messages up to a snapshot at `seq`. */
  async completeHandshake(seq: number, epoch = "e") {
    await this.authenticate(epoch)
    return this.sendSnapshot(seq, epoch)
  }

  /** Sends `hello` and `ready`. */
  async authenticate(epoch = "e") {
    this.receive({
      type: "hello",
      protocol: { major: 1, minor: 0, minMinor: 0 },
      server: { name: "test", version: "0" },
      epoch: epoch as never,
      auth: ["token"],
      capabilities: [],
      schema: "",
      limits: { maxMessageBytes: 1, maxSubscriptions: 1, maxInFlight: 1, heartbeatMs: 1_000 },
    })
    this.receive({ type: "ready", id: "auth", scopes: ["read"], accounts: [], capabilities: [] })
  }

  /** Subscriptions that the client has requested and not ended, except that of its state. */
  get subscriptions(): ReadonlyArray<string> {
    const ids = (type: string, key: string) =>
      this.sent.filter((message) => message.type === type).map((message) => String(message[key]))
    const ended = ids("unsubscribe", "subscription")
    return ids("subscribe", "id").filter((id) => id !== "s" && !ended.includes(id))
  }

  /** Last request of a subscription. */
  get lastSubscribe() {
    return this.sent.findLast(({ type }) => type === "subscribe")
  }

  /** Sends the snapshot of the subscription. Returns its `since`. */
  sendSnapshot(seq: number, epoch = "e") {
    const { since } = this.sent.find(({ type, id }) => type === "subscribe" && id === "s") as {
      since?: string
    }
    const replayed = since === undefined ? 0 : seq - Number(since.split(":")[1])
    this.receive({
      type: "snapshot",
      id: "s",
      cursor: Cursor.make(`${epoch}:${seq}`),
      epoch: epoch as never,
      seq: seq as never,
      asOf: null,
      ready: true,
      state: { accounts: [] },
      prompts: [],
      resume: since === undefined ? "live" : replayed === 0 ? "up_to_date" : "replayed",
      replayed,
    })
    return since
  }

  /** Sends the response to a subscription of an iteration. `replayed` events follow, up to `seq`. */
  sendSubscribed(seq: number, replayed = 0, id = this.subscriptions.at(-1)!) {
    const resume = replayed === 0 ? "up_to_date" : "replayed"
    this.receive({ type: "subscribed", id, ...positionAt(seq), resume, replayed })
  }

  /** Sends a gap up to `seq` and the snapshot after it, for a subscription of an iteration. */
  sendGap(seq: number, id = this.subscriptions.at(-1)!) {
    const at = positionAt(seq)
    const gap = { from: Cursor.make("e:0"), to: at.cursor, reason: "cursor_expired" } as const
    this.receive({ type: "gap", id, ...gap, action: "snapshot_follows" })
    const state = { asOf: null, ready: true, state: { accounts: [] }, prompts: [] }
    this.receive({ type: "snapshot", id, ...at, ...state, resume: "cannot_replay", replayed: 0 })
  }

  sendHeartbeat(seq: number) {
    const serverTime = "2026-03-14T06:00:00.000Z" as never
    this.receive({ type: "heartbeat", ...positionAt(seq), serverTime, sources: {} })
  }

  /** Sends an event to all subscriptions, or to `sub`. */
  sendEvent(
    seq: number,
    id = `schema.drift:${seq}`,
    sub: ReadonlyArray<string> = ["s", ...this.subscriptions],
  ) {
    const replayed = this.replaysNext
    this.replaysNext = false
    this.receive({
      type: "event",
      sub,
      cursor: Cursor.make(`e:${seq}`),
      epoch: "e" as never,
      seq: seq as never,
      event: {
        kind: "schema.drift",
        id: id as never,
        occurredAt: "2026-03-14T06:00:00.000Z" as never,
        observedAt: "2026-03-14T06:00:00.000Z" as never,
        source: "log",
        subject: { account: 1 as never },
        data: { path: "", reason: "", count: 1 },
        ...(replayed ? { replayed } : {}),
      },
    })
  }
}
