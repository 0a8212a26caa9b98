import type { ReceivedEvent } from "@blink-streams/client"
import { BlinkEvent, BlinkState, Cursor, timestampFromMillis } from "@blink-streams/model"
import { Schema } from "effect"

/** 14:30 in the tests' time zone. */
export const now = Date.parse("2026-11-24T14:30:00.000Z")
const secondsAgo = (seconds: number) => timestampFromMillis(now - seconds * 1_000)

const camera = (id: number, name: string, rest: object = {}) => ({
  kind: "camera",
  id,
  networkId: 11,
  name,
  model: "sedona",
  online: "online",
  detection: "on",
  battery: "ok",
  batteryBars: 3,
  wifiBars: 4,
  hubBars: 5,
  temperature: { celsius: 21.4, raw: 70.5, unit: "fahrenheit", basis: "account" },
  firmware: "10.71",
  snoozed: false,
  thumbnail: { url: "/v1/media/p1.jpg", takenAt: secondsAgo(720) },
  lastMotionAt: secondsAgo(190),
  ...rest,
})

/** State of one account with two systems; `names` replaces the names of the first cameras. */
export const sampleState = (names: ReadonlyArray<string> = []): BlinkState =>
  Schema.decodeUnknownSync(BlinkState)({
    accounts: [
      {
        account: 1234,
        asOf: secondsAgo(12),
        stale: false,
        session: { state: "active" },
        budget: { callsLeft: 214, throttledUntil: null },
        sources: {
          state: {
            state: "ok",
            lastOkAt: secondsAgo(12),
            nextPollAt: timestampFromMillis(now + 48_000),
            reason: null,
          },
          clips: {
            state: "stale",
            lastOkAt: secondsAgo(400),
            nextPollAt: null,
            reason: "server error (503)",
          },
        },
        networks: [
          { id: 11, name: "Home", timeZone: null, arm: { state: "armed", asOf: secondsAgo(12) } },
          { id: 12, name: "Cabin", timeZone: null, arm: { state: "unknown", asOf: null } },
        ],
        syncModules: [
          {
            id: 5,
            networkId: 11,
            name: "Hub",
            online: "online",
            firmware: null,
            wifiBars: 4,
            localStorage: null,
          },
        ],
        cameras: [
          camera(1, names[0] ?? "Porch"),
          camera(2, names[1] ?? "Garden", {
            battery: "low",
            batteryBars: 1,
            detection: "off",
            lastMotionAt: null,
          }),
          camera(3, names[2] ?? "Front door", {
            kind: "doorbell",
            model: "lotus",
            online: "offline",
            wifiBars: null,
            hubBars: null,
          }),
          camera(4, names[3] ?? "Desk", {
            kind: "mini",
            model: "owl",
            networkId: 12,
            battery: "mains",
            batteryBars: null,
            temperature: null,
          }),
        ],
      },
    ],
  })

let seq = 0

/** An event of a camera, `seconds` before `now`, observed `lag` seconds later. */
export const sampleEvent = (
  kind: string,
  data: object,
  { seconds = 60, lag = 0, name = "Porch", replayed = false } = {},
): ReceivedEvent => {
  const event = Schema.decodeUnknownSync(BlinkEvent)({
    id: `${kind}:${++seq}`,
    kind,
    occurredAt: secondsAgo(seconds),
    observedAt: secondsAgo(seconds - lag),
    source: "clips",
    subject: { account: 1234, network: 11, camera: 1, kind: "camera", name },
    data,
  })
  return { ...event, cursor: Cursor.make(`e1:${seq}`), replayed }
}
