import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { seededRandom } from "./seededRandom.ts"
import { TestClient } from "./TestClient.ts"
import { account, motion, secret, startServer, stateAt } from "./testServer.ts"

setFlagsFromString("--expose-gc")
const collectGarbage: () => void = runInNewContext("gc")

/** Memory of this process in bytes, after a garbage collection. */
const retainedBytes = () => {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const seeds = [
  '{"type":"auth","id":"a","token":"x"}',
  '{"type":"subscribe","id":"s","topics":["*"],"snapshot":"none"}',
  '{"type":"subscribe","id":"s2","topics":["motion"],"since":"e:4","filter":{"kinds":["clip.*"]}}',
  '{"type":"unsubscribe","id":"u","subscription":"s"}',
  '{"type":"command","id":"c","name":"arm","target":{"network":1},"args":{"a":[1,null]},"idempotencyKey":"k"}',
  '{"type":"cancel","id":"x","command":"c"}',
  '{"type":"prompt.submit","id":"p","prompt":"q","value":"123"}',
  '{"type":"__proto__","id":"constructor"}',
]

const mutate = (text: string, next: () => number): string | Buffer => {
  const at = Math.floor(next() * text.length)
  const kind = Math.floor(next() * 8)
  if (kind === 0) return text.slice(0, at)
  if (kind === 1)
    return text.slice(0, at) + String.fromCharCode(Math.floor(next() * 0xffff)) + text.slice(at + 1)
  if (kind === 2) return text.replaceAll('"', next() < 0.5 ? "'" : '"\u0000')
  if (kind === 3) return text.replace(/\d/, String(next() * 1e308))
  if (kind === 4) return text.replace(/"[^"]*"/, "[".repeat(1 + Math.floor(next() * 500)))
  if (kind === 5) return Buffer.from(Array.from({ length: 1 + Math.floor(next() * 50) }, () => next() * 256))
  if (kind === 6) return text.replace(":", `:{"${"k".repeat(Math.floor(next() * 300))}":`)
  return text
}

it.live(
  "The server and its other peers are unaffected by 50,000 random and mutated frames",
  () =>
    Effect.gen(function* () {
      const testServer = yield* startServer({
        limits: { messageBurst: 1e9, maxPeers: 1e6, maxPeersPerAddress: 1e6, failedAuthsPerMinute: 1e9 },
      })
      yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
      const bystander = yield* Effect.promise(() => new TestClient(testServer.socketUrl).authenticate(secret))
      bystander.send({ type: "subscribe", id: "b", topics: ["*"] })
      yield* Effect.promise(() => bystander.next("snapshot"))
      const next = seededRandom(20_260_314)
      let sent = 0
      const attack = async (count: number) => {
        while (sent < count) {
          const peer = await new TestClient(testServer.socketUrl).authenticate(secret)
          while (sent < count && peer.socket.readyState === peer.socket.OPEN) {
            const frame = mutate(seeds[Math.floor(next() * seeds.length)]!, next)
            sent += 1
            peer.socket.send(frame)
            // Waits for replies now and then, so that many frames reach a peer that is still open.
            if (sent % 4 === 0) await new Promise<void>((resolve) => setImmediate(resolve))
          }
          peer.socket.terminate()
        }
      }
      const attackUntil = (count: number) =>
        Effect.promise(() => Promise.all(Array.from({ length: 16 }, () => attack(count))))
      yield* attackUntil(10_000)
      const before = retainedBytes()
      yield* attackUntil(50_000)
      // 40,000 more frames retain no memory: a kilobyte each would be 40 MB.
      assert.isBelow(retainedBytes() - before, 8 * 1024 * 1024)
      yield* testServer.log.append({ account, events: [motion(2)] })
      const event = yield* Effect.promise(() => bystander.next("event"))
      assert.strictEqual(Number(event.seq), 2)
      assert.isFalse(bystander.received.some(({ type }) => type === "error" || type === "gap"))
      const metrics = yield* Effect.promise(async () => (await fetch(`${testServer.url}metrics`)).text())
      assert.match(metrics, /blink_streams_queue_bytes 0/)
    }).pipe(Effect.scoped),
  300_000,
)
