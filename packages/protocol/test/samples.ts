import { readFileSync } from "node:fs"
import { type ClientMessage, protocolError, type ServerMessage } from "../src/index.ts"

const text = readFileSync(new URL("../PROTOCOL.md", import.meta.url), "utf8")

/** Lines of PROTOCOL.md without the padding of tables. */
export const documentLines: ReadonlyArray<string> = text
  .split("\n")
  .map((line) => line.replaceAll(/ +/g, " "))

const framesAfter = (arrow: string): ReadonlyArray<string> =>
  documentLines.filter((line) => line.startsWith(`${arrow} `)).map((line) => line.slice(2))

/** The recorded frames of the example in PROTOCOL.md. */
export const recordedFrames = { client: framesAfter("→"), server: framesAfter("←") }

type Samples<Message extends { readonly type: string }> = {
  readonly [Type in Message["type"]]: Extract<Message, { readonly type: Type }>
}

const recorded = <Type extends ServerMessage["type"]>(type: Type): Samples<ServerMessage>[Type] => {
  const frame = recordedFrames.server.find((line) => line.startsWith(`{"type":"${type}"`))
  if (frame === undefined) throw new Error(`PROTOCOL.md has no frame of type ${type}`)
  return JSON.parse(frame)
}

const { cursor, epoch, seq } = recorded("heartbeat")
const prompt = {
  id: "reauth:1",
  kind: "reauth",
  account: recorded("ready").accounts[0]!,
  since: recorded("heartbeat").serverTime,
  submitWith: "prompt.submit",
} as const

/** One message of each type, with every field that a client may send. */
export const clientSamples: Samples<ClientMessage> = {
  auth: { type: "auth", id: "1", token: "secret", capabilities: ["resume"] },
  subscribe: {
    type: "subscribe",
    id: "2",
    topics: ["*"],
    filter: {
      kinds: ["clip.*"],
      minSeverity: "notice",
      accounts: [],
      networks: [],
      cameras: [],
      backfilled: true,
    },
    since: cursor,
    snapshot: "none",
  },
  unsubscribe: { type: "unsubscribe", id: "3", subscription: "2" },
  command: {
    type: "command",
    id: "4",
    name: "snooze",
    target: { kind: "mini" },
    args: { minutes: 30 },
    idempotencyKey: "k",
    timeoutMs: 1,
    expect: { armed: true },
  },
  cancel: { type: "cancel", id: "5", command: "4" },
  "prompt.submit": { type: "prompt.submit", id: "6", prompt: "p", value: "123456" },
}

/** One message of each type. */
export const serverSamples: Samples<ServerMessage> = {
  hello: recorded("hello"),
  ready: recorded("ready"),
  snapshot: recorded("snapshot"),
  subscribed: recorded("subscribed"),
  state: recorded("state"),
  event: recorded("event"),
  gap: {
    type: "gap",
    id: "2",
    from: cursor,
    to: cursor,
    reason: "slow_consumer",
    action: "snapshot_follows",
  },
  unsubscribed: recorded("unsubscribed"),
  prompts: { type: "prompts", prompts: [prompt] },
  "command.status": recorded("command.status"),
  result: recorded("result"),
  error: { type: "error", id: "7", error: protocolError("busy", "another command is running", "c1") },
  heartbeat: { type: "heartbeat", cursor, epoch, seq, serverTime: prompt.since, sources: {} },
  shutdown: { type: "shutdown", reconnectAfterMs: 500 },
}
