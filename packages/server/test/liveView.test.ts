import { assert, it } from "@effect/vitest"
import { Effect, Redacted, SubscriptionRef } from "effect"
import { fullPermissions } from "../src/index.ts"
import { startCloud } from "./testCloud.ts"
import { secret } from "./testServer.ts"

const tsSync = 0x47

it.live("a live view is MPEG-TS for as long as it is read, and over at the cloud when the reader goes", () =>
  Effect.gen(function* () {
    const house = yield* startCloud({ scenario: "quiet" })
    const { account, cameras } = yield* SubscriptionRef.get(house.monitor.state)
    const mini = cameras.find(({ kind }) => kind === "mini")!
    const ask = (token: string, camera: number = mini.id, signal?: AbortSignal) =>
      Effect.promise(() =>
        fetch(`${house.url}v1/live/${account}/${mini.kind}/${camera}`, {
          headers: { authorization: `Bearer ${token}` },
          ...(signal === undefined ? {} : { signal }),
        }),
      )

    const reader = yield* house.tokens.create({
      name: "reader",
      permissions: { ...fullPermissions, scopes: ["read"] },
    })
    assert.strictEqual((yield* ask(Redacted.value(reader.token))).status, 403)
    assert.strictEqual((yield* ask(secret, 1)).status, 404)

    const leaving = new AbortController()
    const answer = yield* ask(secret, mini.id, leaving.signal)
    assert.strictEqual(answer.status, 200)
    assert.strictEqual(answer.headers.get("content-type"), "video/mp2t")
    const piece = yield* Effect.promise(() => answer.body!.getReader().read())
    assert.strictEqual(piece.value?.[0], tsSync)
    leaving.abort()
    const finished = Effect.map(house.cloud.requests(), (requests) =>
      requests.some(({ path }) => path.includes("/done")),
    )
    yield* Effect.repeat(Effect.delay(finished, "50 millis"), { until: (is) => is, times: 200 })
    assert.isTrue(yield* finished)
  }).pipe(Effect.scoped),
)
