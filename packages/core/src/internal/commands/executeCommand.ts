import { Duration, Effect, type Schema } from "effect"
import { BlinkApi } from "../../BlinkApi.ts"
import { BlinkConfig } from "../../BlinkConfig.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { Command } from "../../Command.ts"
import type { CommandStatus } from "../../CommandProgress.ts"
import { OutcomeUnknown, type Reason } from "../../Reason.ts"
import {
  busyRetry,
  clipCommandTimeout,
  commandPollInterval,
  commandTimeout,
  verifyDelays,
} from "../rateLimit/retryPolicy.ts"
import { type CommandReceipt, sendCommand } from "./commandRequest.ts"
import { isArmCommand } from "./isArmCommand.ts"
import { pollCommand } from "./pollCommand.ts"
import { confirmByState, currentThumbnail, verifyCommand, waitForThumbnail } from "./verifyCommand.ts"

/** Reports a status of a command, with its value. */
export type ReportStatus = (status: CommandStatus, value?: Schema.Json) => Effect.Effect<void>

/** Armed, but no camera has motion detection enabled: success with a warning. */
const noCameraEnabled = 304

const ambiguousReasons: ReadonlySet<Reason["_tag"]> = new Set([
  "Unreachable",
  "ServerError",
  "UnexpectedResponse",
])

/** True when a command may have arrived although its response did not, or says nothing about the command. */
const isAmbiguous = ({ sent, code }: BlinkError): boolean => sent !== "no" && ambiguousReasons.has(code)

/** Sends the command, and again only while the module is busy, which means that it was not accepted. */
const sendWithRetry = Effect.fnUntraced(function* (command: Command) {
  const { dialect } = yield* BlinkConfig
  return yield* Effect.retry(sendCommand(yield* BlinkApi, dialect, command), busyRetry)
})

/** Value of every command that was sent: an arm command may also have had nothing to change. */
const sentValue = (command: Command): Readonly<Record<string, Schema.Json>> =>
  isArmCommand(command) ? { changed: true } : {}

/**
 * Polls for the effect of a command whose request failed. It is not sent again: it may have been executed, or
 * another client may have sent the same.
 */
const confirmFailed = Effect.fnUntraced(function* (
  command: Command,
  before: string | null,
  error: BlinkError,
  report: ReportStatus,
) {
  if (!isAmbiguous(error) && error.category !== "busy") return yield* error
  yield* report("verifying")
  const confirmed = yield* confirmByState(command, before, verifyDelays)
  if (confirmed !== null) return yield* report("done", { ...sentValue(command), ...confirmed })
  return yield* isAmbiguous(error)
    ? blinkError(command.name, new OutcomeUnknown({ detail: "its response was lost" }), error.sent)
    : error
})

/**
 * Polls an accepted command until the cloud reports its outcome. Without one, derives it from snapshots; then
 * `confirmed` is the value of `done`.
 */
const awaitOutcome = Effect.fnUntraced(function* (
  command: Command,
  commandId: number,
  before: string | null,
  report: ReportStatus,
) {
  const api = yield* BlinkApi
  const polled = yield* Effect.result(
    pollCommand(api, command, commandId, commandPollInterval, report("running")).pipe(
      Effect.timeoutOption(command.name === "clip" ? clipCommandTimeout : commandTimeout),
    ),
  )
  if (polled._tag === "Success" && polled.success._tag === "Some")
    return { mediaId: polled.success.value.mediaId, confirmed: null }
  // Failing to poll the outcome does not mean that the command failed.
  if (polled._tag === "Failure" && polled.failure.reason._tag === "CommandFailed")
    return yield* polled.failure
  yield* report("verifying")
  // After the timeout one snapshot is enough; otherwise the command may still be running.
  const delays = polled._tag === "Failure" ? verifyDelays : [Duration.zero]
  const confirmed = yield* confirmByState(command, before, delays)
  if (confirmed !== null) return { mediaId: null, confirmed }
  const detail = "the sync module reported no outcome in time"
  return yield* polled._tag === "Failure"
    ? polled.failure
    : blinkError(command.name, new OutcomeUnknown({ detail }), "yes")
})

/** Sends a command and follows it until a snapshot confirms its effect. */
export const executeCommand = Effect.fnUntraced(function* (command: Command, report: ReportStatus) {
  const before = yield* currentThumbnail(command)
  const sent = yield* Effect.result(sendWithRetry(command))
  if (sent._tag === "Failure") return yield* confirmFailed(command, before, sent.failure, report)
  const receipt: CommandReceipt = sent.success
  const { id } = receipt
  const value = {
    ...sentValue(command),
    ...(id === null || id === undefined ? {} : { cloudCommandId: id }),
  }
  yield* report("accepted")
  let mediaId: number | null = null
  if (id !== null && id !== undefined && receipt.state_condition !== "done") {
    const outcome = yield* awaitOutcome(command, id, before, report)
    if (outcome.confirmed !== null) return yield* report("done", { ...value, ...outcome.confirmed })
    mediaId = outcome.mediaId
  }
  yield* report("verifying")
  if (command.name === "thumbnail")
    return yield* report("done", { ...value, ...(yield* waitForThumbnail(command, before)) })
  yield* verifyCommand(command)
  if (receipt.code === noCameraEnabled)
    return yield* report("done", { ...value, warning: "No camera here records motion." })
  return yield* report("done", mediaId === null ? value : { ...value, mediaId })
})
