import { BlinkAccount, BlinkError, TokenStore } from "@blink-streams/core"
import { assert, it } from "@effect/vitest"
import { once } from "node:events"
import { createServer } from "node:net"
import { type MonitorAccountOptions, monitorAccount } from "../src/promise.ts"

const closedPort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? address.port : 0
}

const credentials = async ({ kind }: { readonly kind: string }) =>
  ({ email: "someone@example.org", password: "a password" })[kind] ?? "123456"

const store = TokenStore.layerMemory

/** Returns the error that `monitorAccount` rejects with. */
const errorOf = (options: Omit<MonitorAccountOptions, "store">): Promise<unknown> =>
  monitorAccount({ store, ...options }).then(
    () => assert.fail("it resolved"),
    (error: unknown) => error,
  )

it("monitorAccount without a saved session and without onPrompt says that a sign-in is required", async () => {
  const error = await errorOf({ apiUrl: "http://127.0.0.1:1", oauthUrl: "http://127.0.0.1:1" })
  assert.instanceOf(error, BlinkError)
  assert.deepInclude(error, { code: "SignedOut", retryable: false })
  assert.include(error.message, "Not signed in. Sign in first.")
})

it("An address without a scheme is rejected by promises and layers, with an example of one", async () => {
  for (const url of ["127.0.0.1:25466", "localhost:25466", "/cloud", ""]) {
    const message = `apiUrl is "${url}": expected an address such as http://127.0.0.1:25466`
    const error = await errorOf({ apiUrl: url, oauthUrl: url, onPrompt: credentials })
    assert.instanceOf(error, TypeError)
    assert.strictEqual(error.message, message)
    assert.throws(() => BlinkAccount.layer({ config: { apiUrl: url }, store }), message)
  }
})

it("monitorAccount at a closed port says what to check", async () => {
  const url = `http://127.0.0.1:${await closedPort()}`
  const error = await errorOf({ apiUrl: url, oauthUrl: url, onPrompt: credentials })
  assert.instanceOf(error, BlinkError)
  assert.deepInclude(error, { code: "Unreachable", retryable: true })
  assert.include(error.message, "Check the network connection, and the address if you have set one.")
})
