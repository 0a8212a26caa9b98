import { type Duration, Effect, Option } from "effect"
import { BlinkApi } from "../../BlinkApi.ts"
import { blinkError } from "../../BlinkError.ts"
import type { Command } from "../../Command.ts"
import { NotVerified } from "../../Reason.ts"
import { jsonTimeout, thumbnailVerifyDelays, verifyDelays } from "../rateLimit/retryPolicy.ts"
import { expectedState, findCamera } from "./expectedState.ts"

/** Snapshot of a new request; `None` when it fails, which confirms nothing. */
const freshSnapshot = BlinkApi.use(({ invalidate, snapshot }) =>
  Effect.option(Effect.andThen(invalidate, snapshot)),
)

/** True when a poll that begins now shows the expected state. One that fails, or takes longer than a request may, does not. */
export const showsExpectedState = Effect.fnUntraced(function* (command: Command) {
  const isExpected = expectedState(command)
  if (isExpected === null) return false
  const snapshot = Option.flatten(yield* Effect.timeoutOption(freshSnapshot, jsonTimeout))
  return Option.exists(snapshot, isExpected)
})

/**
 * Polls snapshots until the expected state shows. Returns false when it does not, null when snapshots cannot
 * show it.
 */
const waitForState = Effect.fnUntraced(function* (
  command: Command,
  delays: ReadonlyArray<Duration.Duration>,
) {
  const isExpected = expectedState(command)
  if (isExpected === null) return null
  for (const delay of delays) {
    yield* Effect.sleep(delay)
    const snapshot = yield* freshSnapshot
    if (snapshot._tag === "Some" && isExpected(snapshot.value)) return true
  }
  return false
})

/** Address of the camera's thumbnail before a thumbnail command; `null` for other commands. */
export const currentThumbnail = Effect.fnUntraced(function* (command: Command) {
  if (command.name !== "thumbnail") return null
  const snapshot = yield* BlinkApi.use((api) => Effect.option(api.snapshot))
  return snapshot._tag === "Some" ? (findCamera(snapshot.value, command)?.thumbnail?.url ?? null) : null
})

/**
 * Polls until the thumbnail changes. `changed` is false when the camera missed the command and the old one
 * remains.
 */
export const waitForThumbnail = Effect.fnUntraced(function* (command: Command, before: string | null) {
  let latest: { readonly url: string; readonly takenAt: string | null } | null = null
  for (const delay of thumbnailVerifyDelays) {
    yield* Effect.sleep(delay)
    const snapshot = yield* freshSnapshot
    if (snapshot._tag === "Some") latest = findCamera(snapshot.value, command)?.thumbnail ?? null
    if (latest !== null && latest.url !== before) break
  }
  return {
    thumbnail: latest?.url ?? null,
    takenAt: latest?.takenAt ?? null,
    changed: latest !== null && latest.url !== before,
  }
})

/**
 * Derives the outcome from snapshots when the cloud did not report it. Returns the value of `done`, or `null`
 * when the new state does not show.
 */
export const confirmByState = Effect.fnUntraced(function* (
  command: Command,
  before: string | null,
  delays: ReadonlyArray<Duration.Duration>,
) {
  if (command.name !== "thumbnail") return (yield* waitForState(command, delays)) === true ? {} : null
  // A new thumbnail can be recognised only by comparison with the previous one.
  const thumbnail = before === null ? null : yield* waitForThumbnail(command, before)
  return thumbnail?.changed === true ? thumbnail : null
})

/** Confirms the command by snapshots, whatever outcome the cloud reported. Fails with `NotVerified`. */
export const verifyCommand = Effect.fnUntraced(function* (command: Command) {
  const detail = `the snapshots do not show ${command.name}`
  const isVerified = yield* waitForState(command, verifyDelays)
  return isVerified === false
    ? yield* blinkError(command.name, new NotVerified({ detail }), "yes")
    : isVerified
})
