import type { Session } from "@blink-streams/core"
import { type SessionState, timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect, Stream, SubscriptionRef } from "effect"
import { accountSubject, makeEventBuilder } from "../derive/EventBuilder.ts"
import type { EventWriter } from "../account/EventWriter.ts"
import { retryUntilWritten } from "../account/retryUntilWritten.ts"
import { isTransient } from "./isTransient.ts"

/**
 * Records each change of the session, and at the start how it differs from `before`, the state that was recorded last.
 * Runs `pollAll` at once after a sign-in.
 */
export const recordSession = (
  session: Session["Service"],
  writer: EventWriter["Service"],
  before: SessionState | null,
  pollAll: Effect.Effect<void>,
) => {
  let lastEmitted = before === null || isTransient(before) ? null : before.state
  const writeSession = (now: SessionState) =>
    writer.write((diffState, state) =>
      Effect.map(Clock.currentTimeMillis, (millis) => {
        const from = lastEmitted ?? state.session.state
        const patch = (before: typeof state) => ({ ...before, session: now })
        if (isTransient(now)) return { patch }
        const onCommitted = () => {
          lastEmitted = now.state
        }
        if (from === now.state) return { patch, onCommitted }
        const observedAt = timestampFromMillis(millis)
        const builder = makeEventBuilder(
          { account: state.account, source: "session", observedAt },
          diffState.ordinals,
        )
        const { reason, until } = now
        builder.emit(accountSubject, {
          kind: "session.changed",
          data: {
            from,
            to: now.state,
            ...(reason === undefined ? {} : { reason }),
            ...(until === undefined ? {} : { until }),
          },
        })
        const after = { ...diffState, ordinals: builder.ordinals() }
        return { events: builder.events, diffState: after, patch, onCommitted }
      }),
    )
  return SubscriptionRef.changes(session.state).pipe(
    Stream.mapAccum(
      () => false,
      (wasWaiting: boolean, now: SessionState) => {
        const isWaiting =
          now.state === "blocked" || now.state === "signed_out" || now.state === "awaiting_pin"
        return [
          isWaiting || (isTransient(now) && wasWaiting),
          [{ now, resumed: now.state === "active" && wasWaiting }],
        ] as const
      },
    ),
    Stream.runForEach(({ now, resumed }) =>
      Effect.andThen(retryUntilWritten(writeSession(now)), resumed ? pollAll : Effect.void),
    ),
  )
}
