import { assert, it } from "@effect/vitest"
import { Effect, SubscriptionRef } from "effect"
import { readFileSync } from "node:fs"
import { errorOf, TestClient, valueOf } from "./TestClient.ts"
import { startCloud } from "./testCloud.ts"
import { secret } from "./testServer.ts"

/** Result value of the command in the example of PROTOCOL.md. */
const recordedValue: object = JSON.parse(
  /^← (\{"type":"result".*)$/m.exec(
    readFileSync(new URL("../../protocol/PROTOCOL.md", import.meta.url), "utf8"),
  )![1]!,
).value

it.live("An arm command ends with a verified result, and every subscriber receives its state changes", () =>
  Effect.gen(function* () {
    const testServer = yield* startCloud({ scenario: "quiet" })
    const { commandClient, watcher } = yield* Effect.promise(async () => ({
      commandClient: await new TestClient(testServer.socketUrl).authenticate(secret),
      watcher: await new TestClient(testServer.socketUrl).authenticate(secret),
    }))
    watcher.send({ type: "subscribe", id: "w", topics: ["arm"] })
    const snapshot = yield* Effect.promise(() => watcher.next("snapshot"))
    const network = snapshot.state.accounts[0]!.networks.find(({ arm }) => arm.state === "disarmed")!
    commandClient.send({
      type: "command",
      id: "c1",
      name: "arm",
      target: { network: network.id },
      expect: { armed: false },
      idempotencyKey: "k1",
    })
    const result = yield* Effect.promise(() => commandClient.next("result"))
    assert.deepInclude(result, { id: "c1", ok: true })
    const value = valueOf(result)
    assert.deepInclude(value, { changed: true, armed: true })
    assert.hasAllKeys(value, ["changed", "armed", "verifiedAt", "cloudCommandId"])
    assert.hasAllKeys(value, Object.keys(recordedValue))
    const states = yield* Effect.promise(() => watcher.nextMany("event", 2))
    assert.deepStrictEqual(
      states.map(({ event }) => (event.kind === "arm.changed" ? [event.data.to, event.data.by] : event.kind)),
      [
        ["arming", "command"],
        ["armed", "command"],
      ],
    )
    const before = (yield* testServer.cloud.requests()).length
    commandClient.send({
      type: "command",
      id: "c2",
      name: "arm",
      target: { network: network.id },
      expect: { armed: false },
      idempotencyKey: "k1",
    })
    const again = yield* Effect.promise(() => commandClient.next("result"))
    assert.deepStrictEqual(valueOf(again), value)
    const armRequests = (yield* testServer.cloud.requests())
      .slice(before)
      .filter(({ path }) => path.endsWith("/arm"))
    assert.deepStrictEqual(armRequests, [])
    commandClient.send({
      type: "command",
      id: "c3",
      name: "arm",
      target: { network: network.id },
      expect: { armed: false },
    })
    const rejected = yield* Effect.promise(() => commandClient.next("result"))
    assert.deepInclude(errorOf(rejected), { code: "expectation_failed", details: { arm: "armed" } })
  }).pipe(Effect.scoped),
)

it.live(
  "A command that timed out sends no further status, and a repeated idempotency key returns its outcome",
  () =>
    Effect.gen(function* () {
      const testServer = yield* startCloud({ scenario: "quiet" })
      const peer = yield* Effect.promise(() => new TestClient(testServer.socketUrl).authenticate(secret))
      peer.send({ type: "subscribe", id: "s", topics: ["*"] })
      const snapshot = yield* Effect.promise(() => peer.next("snapshot"))
      const network = snapshot.state.accounts[0]!.networks.find(({ arm }) => arm.state === "disarmed")!
      const command = {
        type: "command",
        name: "arm",
        target: { network: network.id },
        idempotencyKey: "k",
      } as const
      peer.send({ ...command, id: "c1", timeoutMs: 1 })
      const late = yield* Effect.promise(() => peer.next("result"))
      assert.deepInclude(late, { id: "c1", ok: false })
      assert.strictEqual(errorOf(late)?.code, "timed_out")
      peer.send({ ...command, id: "c2" })
      const done = yield* Effect.promise(() => peer.next("result"))
      assert.deepInclude(done, { id: "c2", ok: true })
      const after = peer.received.slice(peer.received.indexOf(late))
      const steps = after.flatMap((message) => (message.type === "command.status" ? [message.id] : []))
      assert.isNotEmpty(steps)
      assert.notInclude(steps, "c1")
    }).pipe(Effect.scoped),
)

it.live("A command over HTTP ends with either its value or its error, discriminated by `ok`", () =>
  Effect.gen(function* () {
    const testServer = yield* startCloud({ scenario: "quiet" })
    const post = (command: object) =>
      Effect.promise(async () => {
        const response = await fetch(`${testServer.url}v1/commands`, {
          method: "POST",
          headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
          body: JSON.stringify(command),
        })
        const body = (await response.json()) as { readonly [key: string]: { readonly code?: string } }
        return { status: response.status, body }
      })
    const done = yield* post({ name: "refresh" })
    assert.strictEqual(done.status, 200)
    assert.hasAllKeys(done.body, ["ok", "value"])
    assert.strictEqual<unknown>(done.body["ok"], true)
    const failed = yield* post({ name: "fly" })
    assert.strictEqual(failed.status, 422)
    assert.hasAllKeys(failed.body, ["ok", "error"])
    assert.strictEqual<unknown>(failed.body["ok"], false)
    assert.strictEqual(failed.body["error"]?.code, "unsupported")
  }).pipe(Effect.scoped),
)

it.live("A cancelled command ends with `cancelled`, even when the cancel follows immediately", () =>
  Effect.gen(function* () {
    const testServer = yield* startCloud({ scenario: "quiet" })
    const peer = yield* Effect.promise(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["*"] })
    const snapshot = yield* Effect.promise(() => peer.next("snapshot"))
    const network = snapshot.state.accounts[0]!.networks.find(({ arm }) => arm.state === "disarmed")!
    const cancelled = (id: string, started: Effect.Effect<unknown>) =>
      Effect.gen(function* () {
        peer.send({ type: "command", id, name: "arm", target: { network: network.id } })
        yield* started
        peer.send({ type: "cancel", id: `${id}-cancel`, command: id })
        const results = yield* Effect.promise(() => peer.nextMany("result", 2))
        const byId = new Map(results.map((result) => [result.id, result]))
        assert.isTrue(byId.get(`${id}-cancel`)?.ok)
        assert.strictEqual(errorOf(byId.get(id)!)?.code, "cancelled")
      })
    yield* cancelled("at-once", Effect.void)
    yield* cancelled(
      "later",
      Effect.promise(() => peer.next("command.status")),
    )
    peer.send({ type: "cancel", id: "late", command: "later" })
    assert.strictEqual((yield* Effect.promise(() => peer.next("error"))).error.code, "not_found")
  }).pipe(Effect.scoped),
)

it.live("Images are served from signed URLs: whole, in ranges, and with 304 while unchanged", () =>
  Effect.gen(function* () {
    const testServer = yield* startCloud({ scenario: "quiet" })
    const state = yield* Effect.promise(async () => {
      const response = await fetch(`${testServer.url}v1/state`, {
        headers: { authorization: `Bearer ${secret}` },
      })
      return (await response.json()) as {
        state: { accounts: Array<{ cameras: Array<{ thumbnail: { url: string } | null }> }> }
      }
    })
    const url = state.state.accounts[0]!.cameras.flatMap(({ thumbnail }) => thumbnail?.url ?? [])[0]!
    assert.match(url, /^\/v1\/media\//)
    yield* Effect.promise(async () => {
      const address = new URL(url, testServer.url)
      const whole = await fetch(address)
      assert.strictEqual(whole.status, 200)
      assert.strictEqual(whole.headers.get("content-type"), "image/jpeg")
      assert.strictEqual(whole.headers.get("cross-origin-resource-policy"), "cross-origin")
      const metrics = await (await fetch(`${testServer.url}metrics`)).text()
      assert.match(metrics, /blink_streams_budget_calls_left \d+/)
      assert.match(metrics, /blink_calls_total\{priority="poll"\} \d+/)
      const bytes = new Uint8Array(await whole.arrayBuffer())
      const part = await fetch(address, { headers: { range: "bytes=2-5" } })
      assert.strictEqual(part.status, 206)
      assert.strictEqual(part.headers.get("content-range"), `bytes 2-5/${bytes.length}`)
      assert.deepStrictEqual(new Uint8Array(await part.arrayBuffer()), bytes.slice(2, 6))
      const same = await fetch(address, { headers: { "if-none-match": whole.headers.get("etag")! } })
      assert.strictEqual(same.status, 304)
      const several = { "if-none-match": `"other", W/${whole.headers.get("etag")}` }
      assert.strictEqual((await fetch(address, { headers: several })).status, 304)
      const last = await fetch(address, { headers: { range: "bytes=-3" } })
      assert.deepStrictEqual(new Uint8Array(await last.arrayBuffer()), bytes.slice(-3))
      assert.strictEqual((await fetch(address, { headers: { range: "bytes=5-2" } })).status, 200)
      const beyond = await fetch(address, { headers: { range: `bytes=${bytes.length}-` } })
      assert.strictEqual(beyond.status, 416)
      address.searchParams.set("expires", String(Number(address.searchParams.get("expires")) + 1))
      assert.strictEqual((await fetch(address)).status, 403)
    })
  }).pipe(Effect.scoped),
)

it.live("Concurrent requests for more images than the cache may hold all succeed", () =>
  Effect.gen(function* () {
    const testServer = yield* startCloud({ scenario: "quiet" }, { cacheBytes: 1 })
    yield* Effect.promise(async () => {
      const response = await fetch(`${testServer.url}v1/state`, {
        headers: { authorization: `Bearer ${secret}` },
      })
      const addresses = [...(await response.text()).matchAll(/"url":"([^"]+)"/g)].map(([, url = ""]) => url)
      const responses = await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          const image = await fetch(new URL(addresses[index % addresses.length]!, testServer.url))
          const { byteLength } = await image.arrayBuffer()
          return [image.status, byteLength === Number(image.headers.get("content-length"))]
        }),
      )
      assert.deepStrictEqual(
        responses.filter(([status, whole]) => status !== 200 || whole !== true),
        [],
      )
    })
  }).pipe(Effect.scoped),
)

it.live(
  "A lost session is restored by a prompt over the websocket, and the submitted value is sent to no client",
  () =>
    Effect.gen(function* () {
      const testServer = yield* startCloud({ scenario: "quiet" })
      const peer = yield* Effect.promise(() => new TestClient(testServer.socketUrl).authenticate(secret))
      peer.send({ type: "subscribe", id: "s", topics: ["*"] })
      const snapshot = yield* Effect.promise(() => peer.next("snapshot"))
      assert.deepStrictEqual(snapshot.prompts, [])
      yield* testServer.cloud.revokeTokens("access")
      yield* testServer.cloud.revokeTokens("refresh")
      yield* testServer.monitor.refresh

      /** Prompt received already or later: a prompt and the result of a request may arrive in either order. */
      const promptOf = (kind: string) =>
        Effect.promise(async () => {
          for (;;) {
            const all = peer.received.flatMap((message) =>
              message.type === "prompts" ? message.prompts : [],
            )
            const found = all.find((prompt) => prompt.kind === kind)
            if (found) return found
            await peer.next("prompts")
          }
        })
      const submitPrompt = (id: string, prompt: string, value: string) =>
        Effect.promise(() => {
          peer.send({ type: "prompt.submit", id, prompt, value })
          return peer.next("result")
        })
      const { password } = testServer.cloud.account
      const reauth = yield* promptOf("reauth")
      assert.deepInclude(yield* submitPrompt("p1", reauth.id, password), { id: "p1", ok: true })
      const gone = yield* submitPrompt("p2", reauth.id, password)
      assert.strictEqual(errorOf(gone)?.code, "not_found")
      assert.strictEqual((yield* SubscriptionRef.get(testServer.monitor.session.state)).state, "active")
      assert.notInclude(JSON.stringify(peer.received), password)
    }).pipe(Effect.scoped),
)
