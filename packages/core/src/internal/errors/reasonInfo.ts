import { Duration, Match } from "effect"
import type { Category, Reason } from "../../BlinkError.ts"

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

/** What each reason means for a program and for a person, in one place. */
export const reasonInfo: (reason: Reason) => ReasonInfo = Match.type<Reason>().pipe(
  Match.tagsExhaustive({
    InvalidCredentials: () =>
      info("needsUser", false, "The e-mail address or the password is wrong. Check both and sign in again."),
    InvalidPin: (reason) =>
      info(
        "needsUser",
        false,
        reason.restart
          ? "The code was wrong too often or has expired. Sign in again to get a new one."
          : "That code is wrong or has expired. Type the newest code you got.",
      ),
    PinRequired: (reason) =>
      info(
        "needsUser",
        false,
        reason.channel === "browser"
          ? "The sign-in on the vendor's page is not finished. Paste the address at which it ended."
          : `A code was sent by ${reason.channel}. Type it in to finish signing in.`,
      ),
    VerificationRequired: (reason) => info("needsUser", false, `Open the Blink app first: ${reason.detail}.`),
    SignedOut: () => info("needsUser", false, "Nobody is signed in here. Sign in first."),
    SessionExpired: () => info("sessionLost", false, "The cloud ended this session. Sign in again."),
    SignInPaused: (reason) =>
      info(
        "blocked",
        false,
        `Too many sign-ins in a row get accounts locked, so the next one has to wait ${formatWait(reason.retryAfter)}.`,
      ),
    Throttled: (reason) =>
      info(
        "blocked",
        true,
        `The cloud asks for fewer requests. The next one goes out in ${formatWait(reason.retryAfter)}.`,
      ),
    EdgeBlocked: (reason) =>
      info(
        "blocked",
        true,
        `The cloud turns this machine away for now (${reason.status}). The next try is in ${formatWait(reason.retryAfter)}; if it stays so, check the identity strings in the settings.`,
      ),
    BudgetSpent: (reason) =>
      info(
        "blocked",
        true,
        `This hour's requests are used up. The next one goes out in ${formatWait(reason.retryAfter)}.`,
      ),
    Busy: () => info("busy", true, "The sync module is busy with something else. Try again in a moment."),
    NotSupported: (reason) =>
      info("notSupported", false, `The cloud does not offer this (any more): ${reason.detail}.`),
    NotFound: (reason) =>
      info("wrongTarget", false, `The cloud does not know it: ${reason.detail}. Look at the home again.`),
    AccessDenied: (reason) =>
      info("wrongTarget", false, `This account may not do that: ${reason.detail}. A share may have ended.`),
    Rejected: (reason) => info("refused", false, `The cloud declined: ${reason.detail}.`),
    Unreachable: () => info("transient", true, "The cloud cannot be reached. Check the network connection."),
    ServerError: (reason) =>
      info("transient", true, `The cloud has trouble of its own (${reason.status}). It passes by itself.`),
    NotReady: (reason) => info("transient", true, `Not there yet: ${reason.detail}. Ask again in a moment.`),
    UnexpectedResponse: (reason) =>
      info("transient", true, `The cloud answered something unexpected (${reason.status}): ${reason.detail}`),
    CommandFailed: (reason) =>
      info("refused", false, `The command failed (${reason.statusCode}): ${reason.detail}.`),
    OutcomeUnknown: (reason) =>
      info(
        "transient",
        false,
        `It is unknown whether the command took effect: ${reason.detail}. Look at the home before you repeat it.`,
      ),
    NotVerified: (reason) =>
      info("transient", false, `The cloud reported success, but the home shows otherwise: ${reason.detail}.`),
    TokenStoreError: () =>
      info(
        "needsUser",
        false,
        "The saved session cannot be read or written. Check the state folder and its permissions.",
      ),
  }),
)
