import type { Drift } from "@blink-streams/core/Drift"
import type { Session } from "@blink-streams/core/Session"
import { EventId, type HomeEvent, type SessionState, Timestamps } from "@blink-streams/model"
import { Clock, Effect, Schedule, Stream, SubscriptionRef } from "effect"
import type { LogError } from "../LogError.ts"
import { aboutAccount, makeTeller } from "../Teller.ts"
import { isPassing } from "./isPassing.ts"
import type { Recorder } from "./recorder.ts"

/** Nobody tells these again, so they are written as soon as the log takes them. */
const untilWritten = (record: Effect.Effect<void, LogError>): Effect.Effect<void> =>
  record.pipe(
    Effect.catchDefect((cause) =>
      Effect.fail(new Error("the log broke in a way that nobody foresaw", { cause })),
    ),
    Effect.tapError((error) => Effect.logError(error.message)),
    Effect.retry(Schedule.spaced("15 seconds")),
    Effect.orDie,
  )

/**
 * Writes down where the sign-in stands, and at the start how that differs from `before`, where it stood when it was
 * written down last. Once somebody has signed in, `looks` are made at once.
 */
export const followSession = (
  session: Session["Service"],
  recorder: Recorder,
  before: SessionState | null,
  looks: Effect.Effect<void>,
) => {
  let told = before === null || isPassing(before) ? null : before.state
  const note = (now: SessionState) =>
    recorder.record((home, state) =>
      Effect.map(Clock.currentTimeMillis, (millis) => {
        const from = told ?? state.session.state
        const patch = (before: typeof state) => ({ ...before, session: now })
        if (isPassing(now)) return { patch }
        const whenWritten = () => {
          told = now.state
        }
        if (from === now.state) return { patch, whenWritten }
        const observedAt = Timestamps.fromMillis(millis)
        const teller = makeTeller({ account: state.account, source: "session", observedAt }, home.ordinals)
        const { reason, until } = now
        teller.tell(aboutAccount, {
          kind: "session.changed",
          data: {
            from,
            to: now.state,
            ...(reason === undefined ? {} : { reason }),
            ...(until === undefined ? {} : { until }),
          },
        })
        const after = { ...home, ordinals: teller.ordinals() }
        return { events: teller.events, home: after, patch, whenWritten }
      }),
    )
  return SubscriptionRef.changes(session.state).pipe(
    Stream.mapAccum(
      () => false,
      (waited: boolean, now: SessionState) => {
        const waits = now.state === "blocked" || now.state === "signedOut" || now.state === "awaitingPin"
        return [
          waits || (isPassing(now) && waited),
          [{ now, again: now.state === "active" && waited }],
        ] as const
      },
    ),
    Stream.runForEach(({ now, again }) =>
      Effect.andThen(untilWritten(note(now)), again ? looks : Effect.void),
    ),
  )
}

/** Tells each place once where the cloud's answers are no longer what we know. */
export const followDrift = (drift: Drift["Service"], recorder: Recorder) => {
  const told = new Set<string>()
  return SubscriptionRef.changes(drift.state).pipe(
    Stream.runForEach((places) => {
      const fresh = [...places].filter(([key]) => !told.has(key))
      for (const [key] of fresh) told.add(key)
      return untilWritten(
        recorder.record((_home, { account }) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            const observedAt = Timestamps.fromMillis(now)
            const events = fresh.map(([key, { path, reason, count }]): HomeEvent => ({
              kind: "drift",
              id: EventId.make(`drift:${account}:${key}`),
              occurredAt: observedAt,
              observedAt,
              source: "log",
              subject: { account },
              data: { path, reason, count },
            }))
            return { events }
          }),
        ),
      )
    }),
  )
}
