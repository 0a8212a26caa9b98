import type { Connection } from "@blink-streams/client"
import { type AccountState, timestampFromMillis } from "@blink-streams/model"
import { expect, it } from "vitest"
import { nextUpdateText, statusBadge } from "../../src/model/statusBadge.ts"
import { now, sampleState } from "../fixtures.ts"

const [account] = sampleState().accounts
const accountWith = (changes: Partial<AccountState>): AccountState => ({ ...account!, ...changes })
const connection = (status: Connection["status"]): Connection => ({
  status,
  since: "2026-11-24T14:27:00.000Z",
})
const live = connection("live")
const inMinutes = (minutes: number) => timestampFromMillis(now + minutes * 60_000)
const throttled = { callsLeft: 0, throttledUntil: inMinutes(15) }

it.each([
  ["closed", "✗ Disconnected", "alarm"],
  ["connecting", "◌ Connecting", "warning"],
  ["stale", "✗ Offline 3 m", "alarm"],
] as const)("statusBadge of a connection that is %s is %s", (status, text, tone) => {
  const badge = statusBadge(connection(status), account, now, false)
  expect(`${badge.glyph} ${badge.text}`).toBe(text)
  expect(badge.tone).toBe(tone)
})

it.each([
  ["signed_out", "⚿ Sign-in required", "alarm"],
  ["awaiting_pin", "⚿ Sign-in required", "alarm"],
  ["blocked", "⚿ Sign-in required", "alarm"],
  ["authorizing", "◌ Signing in", "warning"],
  // A renewal needs no user, and the state is still updated.
  ["renewing", "● Live", "good"],
  ["active", "● Live", "good"],
] as const)("statusBadge of a session that is %s is %s", (state, text, tone) => {
  const badge = statusBadge(live, accountWith({ session: { state } }), now, false)
  expect([`${badge.glyph} ${badge.text}`, badge.tone]).toEqual([text, tone])
})

it("statusBadge shows the end of throttling until it is reached", () => {
  expect(statusBadge(live, accountWith({ budget: throttled }), now, false).text).toBe("Throttled until 14:45")
  expect(statusBadge(live, accountWith({ budget: throttled }), now + 15 * 60_000, false).text).toBe("Live")
})

it("statusBadge shows the age of a stale account, and a dash when it was never updated", () => {
  expect(statusBadge(live, accountWith({ stale: true }), now, false).text).toBe("Stale 12 s")
  expect(statusBadge(live, accountWith({ stale: true, asOf: null }), now, false).text).toBe("Stale –")
})

it("statusBadge says Polling instead of Live when this process polls", () => {
  expect(statusBadge(live, account, now, true)).toEqual({ glyph: "●", text: "Polling", tone: "good" })
})

it("statusBadge shows that it is loading before the first state", () => {
  expect(statusBadge(live, undefined, now, false).text).toBe("Loading")
})

it("statusBadge shows the most severe status that applies", () => {
  const everything = accountWith({ stale: true, budget: throttled, session: { state: "blocked" } })
  const withoutSession = accountWith({ stale: true, budget: throttled })
  expect(statusBadge(connection("stale"), everything, now, false).text).toBe("Offline 3 m")
  expect(statusBadge(live, everything, now, false).text).toBe("Sign-in required")
  expect(statusBadge(live, withoutSession, now, false).text).toBe("Throttled until 14:45")
  expect(statusBadge(live, accountWith({ stale: true }), now, false).text).toBe("Stale 12 s")
})

it("statusBadge is good only for a live connection with a current state", () => {
  for (const status of ["closed", "connecting", "stale", "live"] as const)
    for (const state of [
      "signed_out",
      "authorizing",
      "awaiting_pin",
      "active",
      "renewing",
      "blocked",
    ] as const)
      for (const stale of [true, false])
        for (const budget of [throttled, account!.budget]) {
          const { tone } = statusBadge(
            connection(status),
            accountWith({ session: { state }, stale, budget }),
            now,
            false,
          )
          const isCurrent =
            status === "live" &&
            (state === "active" || state === "renewing") &&
            !stale &&
            budget !== throttled
          expect(tone === "good", `${status} ${state} ${stale}`).toBe(isCurrent)
        }
})

const source = (nextPollAt: AccountState["asOf"]): AccountState["sources"][string] => ({
  state: "ok",
  lastOkAt: null,
  nextPollAt,
  reason: null,
})

it("nextUpdateText shows the time until the next poll of any source", () => {
  const sources = { state: source(inMinutes(1)), clips: source(inMinutes(0.25)), other: source(null) }
  expect(nextUpdateText(accountWith({ sources }), now)).toBe("Next update in 15 s")
  expect(nextUpdateText(accountWith({ sources }), now + 15_000)).toBe("Updating")
  expect(nextUpdateText(accountWith({ sources }), now + 60_000)).toBe("Updating")
})

it("nextUpdateText is empty when no poll is scheduled", () => {
  expect(nextUpdateText(accountWith({ sources: { state: source(null) } }), now)).toBe("")
  expect(nextUpdateText(accountWith({ sources: {} }), now)).toBe("")
  expect(nextUpdateText(undefined, now)).toBe("")
})
