import { startEmulator } from "@blink-streams/emulator"
import { fileStore, monitorAccount, monitorAccounts } from "@blink-streams/events/promise"
import { assert, it } from "@effect/vitest"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startServer } from "../src/promise.ts"
import { TestClient } from "./TestClient.ts"

const token = "token-of-this-test"
const temporaryFolder = () => {
  const path = mkdtempSync(join(tmpdir(), "blink-streams-test-"))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** Options of an account of an emulated cloud, whose sign-in is answered. */
const accountOptions = (
  cloud: Awaited<ReturnType<typeof startEmulator>>,
  sessionFile: string,
  { email, password, pin } = cloud.account,
) => {
  const answers = { email, password, two_factor: pin }
  return {
    store: fileStore(sessionFile),
    apiUrl: cloud.url,
    oauthUrl: cloud.url,
    onPrompt: async ({ kind }: { readonly kind: keyof typeof answers }) => answers[kind],
  }
}

it("startServer mounts an account on an HTTP server of the caller, which runs on after close", async () => {
  await using cloud = await startEmulator({ scenario: "quiet" })
  using folder = temporaryFolder()
  await using account = await monitorAccount(accountOptions(cloud, join(folder.path, "session.json")))
  const server = createServer((request, response) => {
    if (!request.url?.startsWith("/cameras")) response.end("mine")
  })
  const started = await startServer({ accounts: account, token, server, path: "/cameras" })
  await once(server.listen(0, "127.0.0.1"), "listening")
  const { port } = server.address() as AddressInfo
  const peer = await new TestClient(`ws://127.0.0.1:${port}/cameras/`).authenticate(token)
  peer.send({ type: "subscribe", id: "s", topics: ["*"] })
  const { state } = await peer.next("snapshot")
  assert.deepStrictEqual(
    state.accounts.map(({ account }) => account),
    [account.state.account],
  )
  await started.close()
  assert.strictEqual(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "mine")
  // The account is not closed with the server.
  await account.refresh()
  server.close()
  server.closeAllConnections()
})

it("startServer serves accounts that are added later", async () => {
  await using cloud = await startEmulator({ scenario: "quiet" })
  const { accounts: added } = await cloud.addAccount({})
  using folder = temporaryFolder()
  await using accounts = await monitorAccounts([accountOptions(cloud, join(folder.path, "first.json"))])
  await using started = await startServer({ accounts, token, port: 0 })
  await accounts.add(accountOptions(cloud, join(folder.path, "second.json"), added[0]))
  const response = await fetch(`${started.url}v1/state`, { headers: { authorization: `Bearer ${token}` } })
  const { state } = (await response.json()) as {
    readonly state: { readonly accounts: ReadonlyArray<unknown> }
  }
  assert.strictEqual(state.accounts.length, 2)
})

it.each([
  ["an empty one", ""],
  ["one with spaces", "your admin token"],
])("startServer rejects a token that clients could not send: %s", async (_, unusable) => {
  await using cloud = await startEmulator({ scenario: "quiet" })
  using folder = temporaryFolder()
  await using account = await monitorAccount(accountOptions(cloud, join(folder.path, "session.json")))
  const error: unknown = await startServer({ accounts: account, token: unusable, port: 0 }).catch(
    (cause: unknown) => cause,
  )
  assert.match(String(error), /startServer needs a token/)
})

it("startServer rejects with the reason when it cannot listen", async () => {
  await using cloud = await startEmulator({ scenario: "quiet" })
  using folder = temporaryFolder()
  await using account = await monitorAccount(accountOptions(cloud, join(folder.path, "session.json")))
  await using started = await startServer({ accounts: account, token, port: 0 })
  const error: unknown = await startServer({ accounts: account, token, port: started.port }).catch(
    (cause: unknown) => cause,
  )
  assert.strictEqual((error as { readonly _tag?: unknown })._tag, "ListenFailed")
})
