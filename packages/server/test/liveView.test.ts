import { assert, it } from "@effect/vitest"
import { Effect, Redacted, SubscriptionRef } from "effect"
import { fullPermissions } from "../src/index.ts"
import { startCloud } from "./testCloud.ts"
import { secret } from "./testServer.ts"

const tsSync = 0x47

/** Lets the event loop handle what the sockets have received. */
const nextTurn = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

it.live(
  "A live view streams MPEG-TS while it is read, and its cloud session ends when the client disconnects",
  () =>
    Effect.gen(function* () {
      const testServer = yield* startCloud({ scenario: "quiet" })
      const { account, cameras } = yield* SubscriptionRef.get(testServer.monitor.state)
      const mini = cameras.find(({ kind }) => kind === "mini")!
      const request = (token: string, camera: number = mini.id, signal?: AbortSignal) =>
        Effect.promise(() =>
          fetch(`${testServer.url}v1/live/${account}/${mini.kind}/${camera}`, {
            headers: { authorization: `Bearer ${token}` },
            ...(signal === undefined ? {} : { signal }),
          }),
        )

      const reader = yield* testServer.tokens.create({
        name: "reader",
        permissions: { ...fullPermissions, scopes: ["read"] },
      })
      assert.strictEqual((yield* request(Redacted.value(reader.token))).status, 403)
      assert.strictEqual((yield* request(secret, 1)).status, 404)

      const leaving = new AbortController()
      const response = yield* request(secret, mini.id, leaving.signal)
      assert.strictEqual(response.status, 200)
      assert.strictEqual(response.headers.get("content-type"), "video/mp2t")
      const piece = yield* Effect.promise(() => response.body!.getReader().read())
      assert.strictEqual(piece.value?.[0], tsSync)
      leaving.abort()
      const finished = Effect.map(testServer.cloud.requests(), (requests) =>
        requests.some(({ path }) => path.includes("/done")),
      )
      yield* Effect.repeat(Effect.andThen(nextTurn, finished), { until: (isFinished) => isFinished })
    }).pipe(Effect.scoped),
)
