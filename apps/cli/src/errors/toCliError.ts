import type { BlinkError } from "@blink-streams/core"
import { type ExitReason, CliError } from "./CliError.ts"

const reasonByCategory: Readonly<Record<BlinkError["category"], ExitReason>> = {
  needs_user: "signInNeeded",
  session_expired: "signInNeeded",
  transient: "noConnection",
  blocked: "failed",
  busy: "failed",
  not_supported: "failed",
  not_found: "failed",
  rejected: "failed",
}

const isBlinkError = (error: unknown): error is BlinkError =>
  error instanceof Error && "_tag" in error && error._tag === "BlinkError"

/** Converts expected errors into a `CliError`. Returns any other error unchanged: it is a bug and keeps its stack. */
export const toCliError = (error: unknown): unknown => {
  if (error instanceof CliError) return error
  if (isBlinkError(error)) return new CliError(reasonByCategory[error.category], error.message)
  if (error instanceof Error && "_tag" in error) return new CliError("failed", error.message)
  return error
}
