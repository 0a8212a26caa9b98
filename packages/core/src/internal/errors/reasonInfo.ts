import { Duration, Match } from "effect"
import type { Category, Reason } from "../../Reason.ts"

interface ReasonInfo {
  readonly category: Category
  readonly retryable: boolean
  readonly hint: string
}

const info = (category: Category, retryable: boolean, hint: string): ReasonInfo => ({
  category,
  retryable,
  hint,
})

const formatWait = (duration: Duration.Duration): string => {
  const seconds = Math.max(1, Math.ceil(Duration.toSeconds(duration)))
  if (seconds < 120) return `${seconds} seconds`
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`
}

/** Category, retryability and user message of every reason. */
export const reasonInfo: (reason: Reason) => ReasonInfo = Match.type<Reason>().pipe(
  Match.tagsExhaustive({
    InvalidCredentials: () =>
      info("needs_user", false, "The e-mail address or the password is wrong. Check both and sign in again."),
    InvalidPin: (reason) =>
      info(
        "needs_user",
        false,
        reason.restart
          ? "The code was wrong too often or has expired. Sign in again to get a new one."
          : "The code is wrong or has expired. Enter the newest code.",
      ),
    PinRequired: (reason) =>
      info(
        "needs_user",
        false,
        reason.channel === "browser"
          ? "The sign-in on the vendor's page is not finished. Paste the address to which it redirected."
          : `A code was sent by ${reason.channel}. Enter it to finish the sign-in.`,
      ),
    VerificationRequired: (reason) =>
      info("needs_user", false, `Open the Blink app first: ${reason.detail}.`),
    SignedOut: () => info("needs_user", false, "Not signed in. Sign in first."),
    SessionExpired: () => info("session_expired", false, "The cloud ended this session. Sign in again."),
    SignInPaused: (reason) =>
      info(
        "blocked",
        false,
        `Repeated sign-ins get accounts locked. Sign in again in ${formatWait(reason.retryAfter)}.`,
      ),
    Throttled: (reason) =>
      info(
        "blocked",
        true,
        `The cloud asks for fewer requests. The next request is sent in ${formatWait(reason.retryAfter)}.`,
      ),
    EdgeBlocked: (reason) =>
      info(
        "blocked",
        true,
        `The cloud blocks this machine for now (${reason.status}). The next request is sent in ${formatWait(reason.retryAfter)}. If this persists, check the identity strings in the settings.`,
      ),
    BudgetSpent: (reason) =>
      info(
        "blocked",
        true,
        `The hourly request budget is used up. The next request is sent in ${formatWait(reason.retryAfter)}.`,
      ),
    Busy: () => info("busy", true, "The sync module is busy. Try again in a few seconds."),
    NotSupported: (reason) =>
      info("not_supported", false, `The cloud does not offer this (any more): ${reason.detail}.`),
    NotFound: (reason) =>
      info(
        "not_found",
        false,
        `The cloud did not find it: ${reason.detail}. Refresh the state and try again.`,
      ),
    AccessDenied: (reason) =>
      info(
        "not_found",
        false,
        `This account is not permitted to do this: ${reason.detail}. A share may have been revoked.`,
      ),
    Rejected: (reason) => info("rejected", false, `The cloud rejected the request: ${reason.detail}.`),
    Unreachable: () =>
      info(
        "transient",
        true,
        "The cloud cannot be reached. Check the network connection, and the address if you have set one.",
      ),
    ServerError: (reason) =>
      info(
        "transient",
        true,
        `The cloud has a server error (${reason.status}). It usually recovers by itself.`,
      ),
    NotReady: (reason) =>
      info("transient", true, `Not available yet: ${reason.detail}. Try again in a few seconds.`),
    UnexpectedResponse: (reason) =>
      info("transient", true, `The cloud sent an unexpected response (${reason.status}): ${reason.detail}`),
    CommandFailed: (reason) =>
      info("rejected", false, `The command failed (${reason.statusCode}): ${reason.detail}.`),
    OutcomeUnknown: (reason) =>
      info(
        "transient",
        false,
        `The outcome of the command is unknown: ${reason.detail}. Check the state before you send it again.`,
      ),
    NotVerified: (reason) =>
      info(
        "transient",
        false,
        `The cloud reported success, but the new state does not show: ${reason.detail}.`,
      ),
    TokenStoreError: () =>
      info(
        "needs_user",
        false,
        "The stored session cannot be read or written. Check the state directory and its permissions.",
      ),
  }),
)
