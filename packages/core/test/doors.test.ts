import { BlinkAccount, BlinkError, oauth, Session, TokenStore } from "@blink-streams/core"
import { openAccount } from "@blink-streams/core/promise"
import { accountStreams } from "@blink-streams/core/rx"
import { emulator } from "@blink-streams/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Layer, ManagedRuntime, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { firstValueFrom, lastValueFrom, toArray } from "rxjs"

describe("the promise door", () => {
  it("signs in, looks, calls and commands; an error is a BlinkError", async () => {
    await using cloud = await emulator({ scenario: "quiet" })
    await using account = await openAccount({
      config: { apiUrl: cloud.url, oauthUrl: cloud.url },
      store: TokenStore.layerMemory,
    })
    const { email, password, pin } = cloud.account
    assert.strictEqual((await account.signIn({ email, password, attended: true })).state, "awaitingPin")
    assert.strictEqual((await account.answerPin(pin)).state, "active")
    const { networks, cameras } = await account.snapshot()
    const bytes = await account.bytes(cameras[0]!.thumbnail!.url)
    assert.isAbove(bytes.length, 1000)
    assert.strictEqual((await account.call(oauth.tierInfo, {})).account_id, 7310001)
    const told: Array<string> = []
    await account.run(
      { name: "disarm", network: networks[0]!.id },
      { onProgress: ({ status }) => told.push(status) },
    )
    assert.strictEqual(told.at(-1), "done")
    const lost: unknown = await account.bytes("/media/none.jpg").catch((error: unknown) => error)
    assert.instanceOf(lost, BlinkError)
    assert.strictEqual(lost.code, "WrongTarget")
    await account.signOut()
    assert.strictEqual(account.session().state, "signedOut")
  })

  it("an aborted call is given up", async () => {
    await using cloud = await emulator({ scenario: "quiet", settings: { secondFactor: "off" } })
    await using account = await openAccount({
      config: { apiUrl: cloud.url, oauthUrl: cloud.url },
      store: TokenStore.layerMemory,
    })
    await account.signIn({ email: cloud.account.email, password: cloud.account.password })
    await cloud.fault({ match: { path: "homescreen" }, do: { delay_ms: 60_000 } })
    const controller = new AbortController()
    const look = account.snapshot({ signal: controller.signal })
    controller.abort()
    assert.instanceOf(await look.catch((error: unknown) => error), Error)
  })
})

const accountAt = async (cloud: { readonly url: string }) => {
  const runtime = ManagedRuntime.make(
    BlinkAccount.layer({
      config: { apiUrl: cloud.url, oauthUrl: cloud.url },
      store: TokenStore.layerMemory,
    }).pipe(Layer.provide(FetchHttpClient.layer)),
  )
  return { runtime, streams: accountStreams(await runtime.context()) }
}

describe("the RxJS door", () => {
  it("tells state at once, looks for as long as somebody watches, and commands step by step", async () => {
    await using cloud = await emulator({ scenario: "quiet", settings: { secondFactor: "off" } })
    await using stack = new AsyncDisposableStack()
    const { runtime, streams } = await accountAt(cloud)
    stack.use(runtime)
    assert.strictEqual((await firstValueFrom(streams.session$)).state, "signedOut")
    assert.isAbove((await firstValueFrom(streams.budget$)).callsLeft, 0)
    assert.strictEqual((await firstValueFrom(streams.drift$)).size, 0)
    const lost: unknown = await lastValueFrom(streams.looks(Duration.seconds(1)).look$).catch(
      (error: unknown) => error,
    )
    assert.instanceOf(lost, BlinkError)
    assert.strictEqual(lost.reason._tag, "SignedOut")
  })

  it("shares one poll among all who watch", async () => {
    await using cloud = await emulator({ scenario: "quiet", settings: { secondFactor: "off" } })
    await using stack = new AsyncDisposableStack()
    const { runtime, streams } = await accountAt(cloud)
    stack.use(runtime)
    const { email, password } = cloud.account
    const signIn = Session.use((session) => session.signIn({ email, password: Redacted.make(password) }))
    await runtime.runPromise(signIn)
    const { look$, health$ } = streams.looks(Duration.minutes(1))
    const [first, second] = await Promise.all([firstValueFrom(look$), firstValueFrom(look$)])
    assert.strictEqual(first, second)
    assert.strictEqual((await firstValueFrom(health$)).state, "ok")
    const asked = (await cloud.requests()).filter(({ path }) => path.includes("homescreen"))
    assert.strictEqual(asked.length, 1)
    const steps = await lastValueFrom(
      streams.run({ name: "disarm", network: first.networks[0]!.id }).pipe(toArray()),
    )
    assert.strictEqual(steps.at(-1)?.status, "done")
  })
})
