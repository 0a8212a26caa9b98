import type { Connection } from "@blink-streams/client"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { matchesKind, watchLines } from "../src/watchLines.ts"
import { FakeClient } from "./FakeClient.ts"
import { now, sampleEvent, sampleState } from "./fixtures.ts"

beforeEach(() => {
  vi.useFakeTimers({ now })
})
afterEach(() => {
  vi.useRealTimers()
})

const motion = (clipId = "1") =>
  ({ type: "event", event: sampleEvent("motion", { clipId, cause: "pir" }) }) as const
const battery = () =>
  ({ type: "event", event: sampleEvent("battery.changed", { from: "ok", to: "low" }) }) as const
const gap = {
  type: "event",
  event: sampleEvent("gap", { source: "log", from: null, to: null, reason: "cursor_expired" }),
} as const
/** Waits until the events that the client has emitted are written. */
const eventsRead = () => vi.advanceTimersByTimeAsync(0)
const [account] = sampleState().accounts
const prompt = {
  id: "p1",
  kind: "two_factor",
  account: account!.account,
  since: account!.asOf!,
  submitWith: "prompt.submit",
} as const

/** Starts `watchLines` with a client that is live. `result` is `null` until it ends. */
const watch = (changed: Partial<Parameters<typeof watchLines>[0]> = {}, client = new FakeClient()) => {
  const written: Array<string> = []
  const notified: Array<string> = []
  const state = { result: null as string | null }
  const end = watchLines({
    client,
    since: null,
    backfilled: false,
    json: false,
    quiet: false,
    coloured: false,
    count: null,
    duration: null,
    timeout: null,
    until: null,
    write: (line) => void written.push(line),
    notify: (line) => void notified.push(line),
    ...changed,
  })
  // A test that expects an error awaits `end` itself.
  void end.then(
    (result) => (state.result = result),
    () => {},
  )
  return { client, written, notified, end, state }
}

it("watchLines does not end at an event of the kind `until` that is history", async () => {
  const { client, written, state } = watch({ backfilled: true, until: "motion" })
  const history = sampleEvent("motion", { clipId: "1", cause: "pir" })
  client.emit({ type: "event", event: { ...history, backfilled: true } })
  await eventsRead()
  expect(written).toHaveLength(1)
  expect(state.result).toBeNull()
  client.emit(motion("2"))
  await eventsRead()
  expect(state.result).toBe("fine")
})

it.each([
  ["motion", "motion", true],
  ["motion", "mot", false],
  ["clip.added", "clip.*", true],
  ["clip.added", "clip*", true],
  ["clip.added", "*", true],
  ["arm.changed", "clip.*", false],
  ["clip.added", "clip.added*", true],
])("matchesKind of %s and the pattern %s is %s", (kind, pattern, matches) => {
  expect(matchesKind(kind, pattern)).toBe(matches)
})

it("watchLines writes one line per event", async () => {
  const { client, written, notified } = watch()
  client.emit(motion(), battery())
  await eventsRead()
  expect(written).toEqual([
    expect.stringMatching(/^14:29:00 {2}● Porch +Motion detected/),
    expect.stringMatching(/^14:29:00 {2}! Porch +Battery low$/),
  ])
  expect(notified).toEqual([])
})

it("watchLines writes the event itself as JSON", async () => {
  const { client, written } = watch({ json: true })
  const change = motion()
  client.emit(change)
  await eventsRead()
  expect(written.map((line) => JSON.parse(line))).toEqual([{ type: "event", ...change.event }])
})

it("watchLines colours only the glyph", async () => {
  const { client, written } = watch({ coloured: true })
  client.emit(motion())
  await eventsRead()
  const [before, ...coloured] = written[0]!.split("\u001B[")
  expect(before).toBe("14:29:00  ")
  expect(coloured).toHaveLength(2)
  expect(coloured[0]).toMatch(/^\d+m●$/)
})

it("watchLines ends after the given number of events, and writes no more", async () => {
  const { client, written, end } = watch({ count: 2 })
  client.emit(motion("1"), motion("2"), motion("3"))
  await expect(end).resolves.toBe("fine")
  expect(written).toHaveLength(2)
  expect(client.listenerCount).toBe(0)
})

it("watchLines ends after an event of the given kind and writes it", async () => {
  const { client, written, end } = watch({ until: "battery.*" })
  client.emit(motion(), battery())
  await expect(end).resolves.toBe("fine")
  expect(written).toHaveLength(2)
})

it("watchLines counts events that it does not write", async () => {
  const { client, written, end } = watch({ quiet: true, count: 1 })
  client.emit(gap, motion())
  await expect(end).resolves.toBe("fine")
  expect(written).toEqual([])
})

it("watchLines ends with fine after its duration and with timedOut after its timeout", async () => {
  const timed = watch({ duration: 7_000 })
  vi.advanceTimersByTime(6_999)
  await Promise.resolve()
  expect(timed.state.result).toBeNull()
  vi.advanceTimersByTime(1)
  await expect(timed.end).resolves.toBe("fine")
  const late = watch({ timeout: 7_000, until: "motion" })
  vi.advanceTimersByTime(7_000)
  await expect(late.end).resolves.toBe("timedOut")
})

it("watchLines ends with fine when its signal aborts", async () => {
  const controller = new AbortController()
  const { end } = watch({ signal: controller.signal })
  controller.abort()
  await expect(end).resolves.toBe("fine")
})

it("watchLines leaves no timer behind", async () => {
  const { client, end } = watch({ count: 1, duration: 60_000, timeout: 60_000 })
  client.emit(motion())
  await end
  expect(vi.getTimerCount()).toBe(0)
})

it("watchLines ends with noConnection when there is no connection within five seconds", async () => {
  const client = new FakeClient()
  client.connection = { status: "connecting", since: "2026-11-24T14:00:00.000Z" }
  const { end } = watch({}, client)
  vi.advanceTimersByTime(5_000)
  await expect(end).resolves.toBe("noConnection")
})

it("watchLines waits for a reconnect after it was connected once", async () => {
  const client = new FakeClient()
  client.connection = { status: "connecting", since: "2026-11-24T14:00:00.000Z" }
  const { state, notified, written } = watch({}, client)
  client.connect({ status: "live" })
  client.connect({ status: "stale", reason: "the server is unreachable" })
  client.connect({ status: "stale", reason: "the server is unreachable" })
  vi.advanceTimersByTime(60_000)
  await Promise.resolve()
  expect(state.result).toBeNull()
  expect(notified).toEqual(["connection lost: the server is unreachable; reconnecting"])
  client.connect({ status: "live" })
  client.emit(motion())
  await eventsRead()
  client.connect({ status: "stale" })
  expect(written).toHaveLength(1)
  expect(notified.at(-1)).toBe("connection lost; reconnecting")
})

it.each([
  [{ code: 4401, failure: "unauthorized" }, "signInNeeded"],
  [{ code: 4403, failure: "forbidden" }, "signInNeeded"],
  [{ code: 4400, failure: "protocol" }, "noConnection"],
  [{}, "noConnection"],
])("watchLines ends when the connection is closed for good: %j is %s", async (reason, result) => {
  const { client, end } = watch()
  client.connect({ status: "closed", ...reason } as Connection)
  await expect(end).resolves.toBe(result)
})

it("watchLines reports missing events as text, and as JSON when it writes JSON", async () => {
  const text = watch()
  text.client.emit(gap)
  await eventsRead()
  expect([text.written, text.notified]).toEqual([[], ["events are missing (cursor_expired)"]])
  const json = watch({ json: true })
  json.client.emit(gap)
  await eventsRead()
  expect(json.notified).toEqual([])
  expect(JSON.parse(json.written[0]!)).toEqual({ type: "event", ...gap.event })
  const quiet = watch({ json: true, quiet: true })
  quiet.client.emit(gap)
  await eventsRead()
  expect([quiet.written, quiet.notified]).toEqual([[], ["events are missing (cursor_expired)"]])
})

it("watchLines reports each prompt once and needs no answer", () => {
  const { client, notified, state } = watch()
  client.emit({ type: "prompts", prompts: [prompt] }, { type: "prompts", prompts: [prompt] })
  client.emit(
    { type: "prompts", prompts: [] },
    { type: "prompts", prompts: [{ ...prompt, id: "p2", kind: "reauth" }] },
  )
  expect(notified).toEqual([
    "account 1234: sign-in required (two_factor): open the dashboard or run blink-streams watch in a terminal",
    "account 1234: sign-in required (reauth): open the dashboard or run blink-streams watch in a terminal",
  ])
  expect(state.result).toBeNull()
})

it("watchLines begins at the given position", () => {
  expect(watch({ since: "beginning" }).client.iterations[0]).toMatchObject({ since: "beginning" })
  expect(watch({ backfilled: true }).client.iterations[0]).toMatchObject({ backfilled: true })
  expect(Object.keys(watch().client.iterations[0]!)).toEqual(["signal"])
})

it("watchLines rejects with an error that is none of the connection", async () => {
  const client = new FakeClient()
  const error = new Error("too many subscriptions")
  const next = () => Promise.reject(error)
  client.events = () => ({ [Symbol.asyncIterator]: () => ({ next }) })
  await expect(watch({}, client).end).rejects.toBe(error)
  expect(client.listenerCount).toBe(0)
})

it("watchLines ignores states and heartbeats", () => {
  const { client, written, notified } = watch()
  client.emit(
    { type: "state", state: sampleState() },
    { type: "heartbeat", cursor: "e1:1", serverTime: new Date(now).toISOString(), sources: {} },
  )
  expect([...written, ...notified]).toEqual([])
})
