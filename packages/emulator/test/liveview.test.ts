import { connect, type TLSSocket } from "node:tls"
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, signIn } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

const homeNetwork = 5130001

let cloud: EmulatedCloud
let send: Send
let account: number

beforeEach(async () => {
  cloud = await startEmulator({ seed: 9 })
  const session = await signIn(cloud.url, cloud.account)
  send = session.send
  account = session.account
})
afterEach(() => cloud.close())

const start = async () =>
  (
    await send(`POST /api/v6/accounts/${account}/networks/${homeNetwork}/cameras/8800101/liveview`, {
      intent: "liveview",
    })
  ).body

it("A live view has the port of the cloud", async () => {
  assert.strictEqual(
    new URL((await start()).server.replace("immis:", "https:")).port,
    new URL(cloud.url).port,
  )
})

const greeting = (server: string): Buffer => {
  const url = new URL(server.replace("immis:", "https:"))
  const [connection = "", serial = ""] = url.pathname.slice(1).split("__IMDS_")
  const bytes = Buffer.alloc(122)
  bytes.writeUInt32BE(0x28, 0)
  bytes.writeUInt32BE(16, 4)
  bytes.write(serial, 8, "latin1")
  bytes.writeUInt32BE(Number(url.searchParams.get("client_id")), 24)
  bytes.writeUInt16BE(0x0108, 28)
  bytes.writeUInt32BE(64, 30)
  bytes.writeUInt32BE(16, 98)
  bytes.write(connection, 102, "latin1")
  bytes.writeUInt32BE(1, 118)
  return bytes
}

const dial = (server: string): TLSSocket =>
  connect({ host: "127.0.0.1", port: Number(/:(\d+)\//.exec(server)?.[1]), rejectUnauthorized: false })

/** Reads frames until `enough` says so or the relay hangs up. */
const frames = (socket: TLSSocket, enough: (types: ReadonlyArray<number>) => boolean) =>
  new Promise<ReadonlyArray<{ readonly type: number; readonly payload: Buffer }>>((resolve) => {
    const seen: Array<{ readonly type: number; readonly payload: Buffer }> = []
    let rest = Buffer.alloc(0)
    socket.on("error", () => undefined)
    socket.on("close", () => resolve(seen))
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      while (rest.length >= 9 && rest.length >= 9 + rest.readUInt32BE(5)) {
        const end = 9 + rest.readUInt32BE(5)
        seen.push({ type: rest.readUInt8(0), payload: rest.subarray(9, end) })
        rest = rest.subarray(end)
      }
      if (enough(seen.map(({ type }) => type))) resolve(seen)
    })
  })

describe("A live view", () => {
  it("A live view streams whole MPEG packets until a client sends done", async () => {
    const view = await start()
    await cloud.clock({ advance_ms: 5000 })
    const poll = await send(`GET /network/${homeNetwork}/command/${view.command_id}`)
    expectShape("get-command-liveview", poll.body)
    const socket = dial(view.server)
    socket.write(greeting(view.server))
    const first = await frames(socket, (types) => types.filter((type) => type === 0).length >= 2)
    const video = first.filter(({ type }) => type === 0)
    for (const { payload } of video) {
      assert.strictEqual(payload.length % 188, 0)
      for (let at = 0; at < payload.length; at += 188) assert.strictEqual(payload[at], 0x47)
    }
    const closed = new Promise((resolve) => socket.once("close", resolve))
    const done = await send(`POST /network/${homeNetwork}/command/${view.command_id}/done/`)
    expectShape("post-command-done", done.body)
    await closed
    assert.isTrue((await send(`GET /network/${homeNetwork}/command/${view.command_id}`)).body.complete)
  })

  it("A live view accepts a handshake without serial and token", async () => {
    const view = await start()
    await cloud.clock({ advance_ms: 5000 })
    const bare = greeting(view.server)
    bare.fill(0, 4, 24)
    bare.fill(0, 30, 98)
    const socket = dial(view.server)
    socket.write(bare)
    const types = (await frames(socket, (seen) => seen.includes(0))).map(({ type }) => type)
    assert.include(types, 0)
    socket.destroy()
  })

  it("A live view rejects a handshake with a wrong client id", async () => {
    const view = await start()
    await cloud.clock({ advance_ms: 5000 })
    const socket = dial(view.server)
    socket.write(greeting(view.server.replace(/client_id=\d+/, "client_id=7")))
    assert.deepStrictEqual(await frames(socket, () => false), [])
  })

  it("A live view ends without polls and the sync module accepts a command", async () => {
    const view = await start()
    assert.strictEqual((await send(`POST /network/${homeNetwork}/arm`)).status, 409)
    await cloud.clock({ advance_ms: 36_000 })
    assert.isTrue((await send(`GET /network/${homeNetwork}/command/${view.command_id}`)).body.complete)
    assert.strictEqual((await send(`POST /network/${homeNetwork}/arm`)).status, 200)
  })

  it("A live view of an unresponsive camera fails with 523 after 33 s", async () => {
    await cloud.change({ camera: "Porch", set: { unresponsive: true } })
    const view = await start()
    await cloud.clock({ advance_ms: 34_000 })
    const { body } = await send(`GET /network/${homeNetwork}/command/${view.command_id}`)
    expectShape("get-command-failed", body)
    assert.deepInclude(body, { complete: true, status: 1, status_code: 523, status_msg: "Live view failed" })
    assert.strictEqual(body.commands[0].state_condition, "error")
  })

  it("A live view of the oldest cameras has an RTSPS address", async () => {
    const { body } = await send(
      `POST /api/v5/accounts/${account}/networks/${homeNetwork}/cameras/8800103/liveview`,
    )
    expectShape("post-liveview-rtsps", body)
    assert.match(body.server, /^rtsps:.*blinkRTSP=true$/)
  })
})
