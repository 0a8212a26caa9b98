import { timestampToMillis } from "@blink-streams/model"
import { Clock, Duration, Effect } from "effect"
import type { StoredSession } from "../../../StoredSession.ts"
import { TokenStore } from "../../../TokenStore.ts"
import { randomUuid } from "../../randomUuid.ts"

/** Codes are valid for ten minutes. A sign-in that has waited this long was abandoned. */
const pendingLife = Duration.toMillis("1 hour")

/** Session of an installation that has never signed in. */
export const newSession = Effect.map(randomUuid, (uuid): StoredSession => ({
  version: 1,
  hardwareId: uuid.toUpperCase(),
  grant: null,
  pending: null,
  signIns: [],
}))

/** Reads the stored session, without a sign-in that was abandoned. */
export const loadSession = Effect.gen(function* () {
  const { load } = yield* TokenStore
  const stored = (yield* load) ?? (yield* newSession)
  const now = yield* Clock.currentTimeMillis
  // In both directions: a clock that was set back must not keep a sign-in pending for years.
  const isStale =
    stored.pending !== null && Math.abs(now - timestampToMillis(stored.pending.startedAt)) > pendingLife
  return isStale ? { ...stored, pending: null } : stored
})
