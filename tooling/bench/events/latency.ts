import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Seq } from "@blink-streams/model"
import { makePolledSetup, advance, withoutLogs, start } from "../../../packages/events/test/testSetup.ts"

const hour = 3600
const day = 24 * hour

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
const seeded = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Happening =
  | { readonly at: number; readonly armed: boolean }
  | { readonly at: number; readonly camera: string; readonly source: string }

/**
 * A week of activity, in seconds since 06:00 of the first day: armed during the day and at night, motion in bursts across
 * several cameras, more by day than by night, and three doorbell presses a day.
 */
const week = (days: number, random: () => number): ReadonlyArray<Happening> => {
  const outside = ["Porch", "Garden", "Garage"]
  const happenings: Array<Happening> = []
  for (let today = 0; today < days; today++) {
    const at = (hours: number) => Math.floor(today * day + hours * hour + random() * hour)
    happenings.push(
      { at: at(0.5), armed: false },
      { at: at(2.5), armed: true },
      { at: at(10.5), armed: false },
    )
    happenings.push({ at: at(16.5), armed: true })
    for (let visit = 0; visit < 14; visit++) {
      const begin = at(visit < 11 ? random() * 17 : 17 + random() * 6)
      const clips = 1 + Math.floor(random() * 4)
      for (let clip = 0; clip < clips; clip++) {
        const camera = outside[Math.floor(random() * outside.length)]!
        happenings.push({ at: begin + clip * Math.floor(20 + random() * 40), camera, source: "pir" })
      }
    }
    for (let ring = 0; ring < 3; ring++)
      happenings.push({ at: at(2 + random() * 12), camera: "Front Door", source: "button_press" })
  }
  return happenings.toSorted((a, b) => a.at - b.at)
}

const quantile = (values: ReadonlyArray<number>, share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)]!

/**
 * Delay of motion and doorbell events between the cloud's list and the log, over a week. The baseline is a client that
 * refreshes everything at a fixed interval (homescreen, events per network, clips per sync module) with the same number
 * of requests.
 */
export const latency = (days = 7) =>
  Effect.gen(function* () {
    const random = seeded(42)
    const { cloud, running } = yield* makePolledSetup({ seed: 42 })
    const { engine, control } = cloud
    control.change({ network: "Home", set: { armed: false } })
    let requests = engine.requestCount
    const origin = (engine.now - start) / 1000
    for (const happening of week(days, random)) {
      const now = (engine.now - start) / 1000 - origin
      for (let left = happening.at - now; left > 0; left -= 60) yield* advance(Math.min(60, left))
      if ("armed" in happening) control.change({ network: "Home", set: { armed: happening.armed } })
      else {
        // Cameras of a disarmed network record no motion; the doorbell button always works.
        const { camera, source } = happening
        control.motion({ camera, source, when_armed: source === "pir" })
      }
    }
    for (let minute = 0; minute < 10; minute++) yield* advance(60)
    requests = engine.requestCount - requests

    const hours = ((engine.now - start) / 1000 - origin) / hour
    const world = engine.world
    const shownAt = new Map([...world.media.values()].map((item) => [String(item.id), item.visibleAt]))
    const events = yield* running.log.read(Seq.make(0), 100_000)
    const ours = events.flatMap(({ event }) =>
      event.kind === "motion" || event.kind === "doorbell.pressed"
        ? [(Date.parse(event.observedAt) - shownAt.get(event.data.clipId ?? "")!) / 1000]
        : [],
    )
    const happened = [...world.media.values()].filter(
      ({ source, createdAt }) => createdAt >= start && (source === "pir" || source === "button_press"),
    ).length
    if (ours.length !== happened)
      return yield* Effect.die(`${happened} happened, ${ours.length} were recorded`)
    const requestsPerHour = requests / hours
    const perRefresh =
      1 +
      world.networks.size +
      [...world.networks.values()].filter(({ syncModule }) => syncModule !== null).length
    const every = (perRefresh * hour) / requestsPerHour
    const theirs = events.flatMap(({ event }) => {
      if (event.kind !== "motion" && event.kind !== "doorbell.pressed") return []
      const shown = (shownAt.get(event.data.clipId ?? "")! - start) / 1000
      return [every - (shown % every)]
    })
    return {
      happened,
      requestsPerHour,
      refreshEverySeconds: every,
      medianSeconds: quantile(ours, 0.5),
      p95Seconds: quantile(ours, 0.95),
      medianRatio: quantile(ours, 0.5) / quantile(theirs, 0.5),
      p95Ratio: quantile(ours, 0.95) / quantile(theirs, 0.95),
    }
  }).pipe(Effect.scoped, withoutLogs, Effect.provide(TestClock.layer()), Effect.runPromise)
