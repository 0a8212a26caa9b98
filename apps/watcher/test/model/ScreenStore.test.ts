import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { ScreenCommand } from "../../src/model/ScreenModel.ts"
import { makeScreenStore, type ScreenHistory } from "../../src/model/ScreenStore.ts"
import { FakeClient } from "../FakeClient.ts"
import { now, sampleEvent, sampleState } from "../fixtures.ts"

beforeEach(() => {
  vi.useFakeTimers({ now })
})
afterEach(() => {
  vi.useRealTimers()
})

const motion = (clipId: string, options = {}) => sampleEvent("motion", { clipId, cause: "pir" }, options)
const account = sampleState().accounts[0]!.account
const prompt = {
  id: "p1",
  kind: "two_factor",
  account,
  since: sampleState().accounts[0]!.asOf!,
  submitWith: "prompt.submit",
} as const
const disarm: ScreenCommand = {
  name: "disarm",
  target: { account, network: sampleState().accounts[0]!.networks[0]!.id },
  expect: { armed: true },
  label: "disarm Home",
}

const noHistory = { since: null, seen: new Set<string>() }

const makeStore = (history: ScreenHistory = noHistory) => {
  const client = new FakeClient()
  const store = makeScreenStore(client, history)
  let updates = 0
  store.subscribe(() => (updates += 1))
  return { client, store, updates: () => updates }
}

it("ScreenStore starts with the state, the connection and the prompts of the client", () => {
  const client = new FakeClient()
  client.prompts = [prompt]
  const model = makeScreenStore(client, noHistory).model()
  expect(model.state).toBe(client.state)
  expect(model.connection).toBe(client.connection)
  expect(model.prompts).toEqual([prompt])
})

it("ScreenStore applies a burst of changes in one update, at most four times per second", async () => {
  const { client, store, updates } = makeStore()
  client.emit({ type: "event", event: motion("1") })
  await vi.advanceTimersByTimeAsync(0)
  expect([updates(), store.model().feed.total]).toEqual([1, 1])
  for (let id = 2; id <= 50; id++) client.emit({ type: "event", event: motion(String(id)) })
  await vi.advanceTimersByTimeAsync(249)
  expect([updates(), store.model().feed.total]).toEqual([1, 1])
  await vi.advanceTimersByTimeAsync(1)
  expect([updates(), store.model().feed.total]).toEqual([2, 50])
})

it("ScreenStore applies a change at once after a pause", async () => {
  const { client, store } = makeStore()
  client.emit({ type: "event", event: motion("1") })
  await vi.advanceTimersByTimeAsync(1_000)
  client.emit({ type: "event", event: motion("2") })
  await vi.advanceTimersByTimeAsync(0)
  expect(store.model().feed.total).toBe(2)
})

it("ScreenStore keeps the order of events and gaps", async () => {
  const { client, store } = makeStore()
  client.emit(
    { type: "event", event: motion("1") },
    {
      type: "event",
      event: sampleEvent("gap", { source: "log", from: null, to: null, reason: "cursor_expired" }),
    },
    { type: "event", event: motion("2") },
  )
  await vi.advanceTimersByTimeAsync(250)
  expect(store.model().feed.rows.map(({ event }) => event?.kind ?? "gap")).toEqual([
    "motion",
    "gap",
    "motion",
  ])
  expect(store.model().feed.rows[1]?.text).toBe("Events are missing (cursor expired)")
})

it("ScreenStore acknowledges the events from before the screen was opened", async () => {
  const old = motion("1", { seconds: 300 })
  const { client, store } = makeStore({ since: "e1:0", seen: new Set([old.cursor]) })
  expect(client.iterations[0]).toMatchObject({ since: "e1:0", backfilled: true })
  client.emit({ type: "event", event: old }, { type: "event", event: motion("2") })
  await vi.advanceTimersByTimeAsync(250)
  expect(store.model().feed.rows.map(({ acknowledged }) => acknowledged)).toEqual([true, false])
})

it("ScreenStore shows a lost connection and keeps the last state", () => {
  const { client, store } = makeStore()
  client.connect({ status: "stale", reason: "the server is unreachable" })
  vi.advanceTimersByTime(250)
  expect(store.model().connection.status).toBe("stale")
  expect(store.model().state).toBe(client.state)
})

it("ScreenStore tells its listeners nothing when nothing has changed", () => {
  const { store, updates } = makeStore()
  store.update((model) => model)
  expect(updates()).toBe(0)
  const unsubscribe = store.subscribe(() => {
    throw new Error("unsubscribed")
  })
  unsubscribe()
  store.update((model) => ({ ...model, filter: "porch" }))
  expect(updates()).toBe(1)
})

it("ScreenStore records each status of a command once and its success", async () => {
  const { client, store } = makeStore()
  store.runCommand(disarm)
  const [{ request, options, resolve }] = client.commands as [(typeof client.commands)[0]]
  expect(request).toEqual({ name: "disarm", target: disarm.target, expect: { armed: true } })
  for (const status of ["queued", "accepted", "running", "running", "verifying"] as const)
    options.onStatus?.(status)
  expect(store.model().commandLog).toMatchObject([
    {
      label: "disarm Home",
      outcome: "running",
      statuses: ["sent", "queued", "accepted", "running", "verifying"],
    },
  ])
  resolve({})
  await vi.waitFor(() => expect(store.model().commandLog[0]?.outcome).toBe("done"))
  expect(store.model().message).toMatchObject({
    text: "disarm Home: sent → queued → accepted → running → verifying → verified",
    tone: "good",
  })
})

it.each([
  [new Error("The sync module is busy."), "The sync module is busy."],
  ["broken", "broken"],
])("ScreenStore shows why a command failed: %s", async (error, text) => {
  const { client, store } = makeStore()
  store.runCommand(disarm)
  client.commands[0]!.reject(error)
  await vi.waitFor(() => expect(store.model().commandLog[0]?.outcome).toBe("failed"))
  expect(store.model().message).toMatchObject({ text: `disarm Home: sent → ${text}`, tone: "alarm" })
})

it("ScreenStore keeps the statuses of two commands apart", () => {
  const { client, store } = makeStore()
  store.runCommand(disarm)
  store.runCommand({ ...disarm, name: "arm", label: "arm Home" })
  client.commands[0]!.options.onStatus?.("accepted")
  client.commands[1]!.options.onStatus?.("queued")
  const log = store.model().commandLog
  expect(log.find(({ label }) => label === "disarm Home")?.statuses).toEqual(["sent", "accepted"])
  expect(log.find(({ label }) => label === "arm Home")?.statuses).toEqual(["sent", "queued"])
})

it("ScreenStore sends no expectation with a command that has none", () => {
  const { client, store } = makeStore()
  store.runCommand({ name: "refresh", target: {}, label: "refresh" })
  expect(client.commands[0]!.request).toEqual({ name: "refresh", target: {} })
})

it("ScreenStore submits a prompt and shows that it was accepted, or why not", async () => {
  const { client, store } = makeStore()
  client.prompts = [prompt]
  client.emit({ type: "prompts", prompts: [prompt] })
  vi.advanceTimersByTime(250)
  store.submitPrompt("p1", "123456")
  expect(client.submitted).toEqual([{ id: "p1", value: "123456" }])
  await vi.waitFor(() => expect(store.model().message).toMatchObject({ text: "Accepted", tone: "good" }))
  client.submitResult = Promise.reject(new Error("The code is wrong."))
  store.submitPrompt("p1", "000000")
  await vi.waitFor(() =>
    expect(store.model().message).toMatchObject({ text: "The code is wrong.", tone: "alarm" }),
  )
  expect(store.model().overlay).toMatchObject({
    name: "prompt",
    problem: "The code is wrong.",
    isSending: false,
  })
})

it("ScreenStore drops its subscription and cancels its commands when it is closed", async () => {
  const { client, store, updates } = makeStore()
  store.runCommand(disarm)
  client.emit({ type: "event", event: motion("1") })
  const before = updates()
  store.close()
  expect(client.listenerCount).toBe(0)
  expect(client.commands[0]!.options.signal?.aborted).toBe(true)
  client.commands[0]!.reject(new Error("cancelled"))
  await Promise.resolve()
  vi.advanceTimersByTime(1_000)
  expect(updates()).toBe(before)
})
