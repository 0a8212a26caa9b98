import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { AccountMonitors } from "../src/AccountMonitors.ts"
import { EventLog } from "../src/EventLog.ts"
import { effectServices } from "../src/effectServices.ts"
import { fileStore, monitorAccount, type MonitorAccountOptions, monitorAccounts } from "../src/promise.ts"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Context, SubscriptionRef } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

let cloud: EmulatedCloud
let folder: string
/** Options of two accounts, which sign in at their first use. */
let home: MonitorAccountOptions
let cabin: MonitorAccountOptions

beforeAll(async () => {
  cloud = await startEmulator({ seed: 1, speed: 4, scenario: "quiet" })
  folder = mkdtempSync(join(tmpdir(), "blink-streams-"))
  const added = await cloud.addAccount({ networks: 1, cameras: 1 })
  const optionsOf = (name: string, { email, password, pin }: EmulatedCloud["account"]) => ({
    stateInterval: "200 millis" as const,
    clipInterval: "100 millis" as const,
    store: fileStore(join(folder, `${name}.json`)),
    apiUrl: cloud.url,
    oauthUrl: cloud.url,
    onPrompt: async ({ kind }: { readonly kind: string }) => ({ email, password })[kind] ?? pin,
  })
  home = optionsOf("home", cloud.account)
  cabin = optionsOf("cabin", added.accounts[0]!)
})
afterAll(async () => {
  await cloud.close()
  rmSync(folder, { recursive: true })
})

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => assert.fail("it resolved"),
    (error: unknown) => error,
  )

describe("monitorAccounts", () => {
  it("emits the events of all accounts over one log in one iteration, also of an account that is added later", async () => {
    await using accounts = await monitorAccounts([home], { log: join(folder, "two.sqlite") })
    const events = accounts.events({ kinds: ["arm.changed"] })[Symbol.asyncIterator]()
    const first = events.next()
    const second = await accounts.add(cabin)
    assert.deepStrictEqual(
      accounts.accounts.map(({ state }) => state.account),
      [accounts.accounts[0]!.state.account, second.state.account],
    )
    const [network] = second.state.networks
    assert(network !== undefined)
    const handle = second.network(network.id)
    await (network.arm.state === "armed" ? handle.disarm() : handle.arm())
    assert.strictEqual((await first).value.subject.account, second.state.account)
    await accounts.remove(second.state.account)
    assert.strictEqual(accounts.accounts.length, 1)
    assert.instanceOf(await errorOf(accounts.remove(second.state.account)), TypeError)
    await accounts.close()
    while ((await events.next()).done !== true);
  })

  it("rejects the same account with AccountLeaseHeld, closes what it started and sends nothing for it", async () => {
    const twice = await errorOf(monitorAccounts([home, cabin, home]))
    assert.deepInclude(twice, { _tag: "AccountLeaseHeld", code: "AccountLeaseHeld" })
    await using account = await monitorAccount({ ...home, state: false, clips: false })
    const before = (await cloud.requests()).length
    await errorOf(monitorAccount(home))
    assert.strictEqual((await cloud.requests()).length, before)
    await account.close()
    await using again = await monitorAccounts([home, cabin])
    assert.strictEqual(again.accounts.length, 2)
  })

  it("rejects an account that another call of this process monitors over another log", async () => {
    await using account = await monitorAccount({ ...home, log: join(folder, "first.sqlite") })
    const id = account.state.account
    const second = await errorOf(monitorAccount({ ...home, log: join(folder, "second.sqlite") }))
    assert.strictEqual(
      (second as Error).message,
      `account ${id} is already monitored: use that monitor, or close it first`,
    )
    assert.deepInclude(await errorOf(monitorAccounts([home])), { code: "AccountLeaseHeld", account: id })
    await account.close()
    await (await monitorAccount({ ...home, log: join(folder, "second.sqlite") })).close()
  })

  it("close() of one account leaves the others running", async () => {
    await using accounts = await monitorAccounts([home, cabin])
    const [first, second] = accounts.accounts
    assert(first !== undefined && second !== undefined)
    await first.close()
    await first.close()
    await second.refresh()
    assert.deepStrictEqual(accounts.accounts, [second])
    for await (const _ of first.states()) assert.fail("a closed account emits nothing")
  })

  it("effectServices returns the services that the promises run on", async () => {
    await using accounts = await monitorAccounts([home])
    const monitors = Context.get(effectServices(accounts), AccountMonitors)
    assert.deepStrictEqual(
      [...SubscriptionRef.getUnsafe(monitors.monitors).keys()],
      accounts.accounts.map(({ state }) => state.account),
    )
    assert.strictEqual(Context.get(effectServices(accounts), EventLog), monitors.log)
    assert.throws(() => effectServices(accounts.accounts[0]!), TypeError)
    await using alone = await monitorAccount(cabin)
    assert.isTrue(Context.get(effectServices(alone), EventLog).epoch.length > 0)
  })
})
