import { Duration, Match } from "effect"
import type { Category, Reason } from "../BlinkError.ts"

interface Facts {
  readonly category: Category
  readonly retryable: boolean
  readonly advice: string
}

const facts = (category: Category, retryable: boolean, advice: string): Facts => ({
  category,
  retryable,
  advice,
})

const wait = (duration: Duration.Duration): string => {
  const seconds = Math.max(1, Math.ceil(Duration.toSeconds(duration)))
  if (seconds < 120) return `${seconds} seconds`
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`
}

/** What each reason means for a program and for a person, in one place. */
export const factsOf: (reason: Reason) => Facts = Match.type<Reason>().pipe(
  Match.tagsExhaustive({
    WrongPassword: () =>
      facts("needsUser", false, "The e-mail address or the password is wrong. Check both and sign in again."),
    WrongPin: (reason) =>
      facts(
        "needsUser",
        false,
        reason.restart
          ? "The code was wrong too often or has expired. Sign in again to get a new one."
          : "That code is wrong or has expired. Type the newest code you got.",
      ),
    PinRequired: (reason) =>
      facts(
        "needsUser",
        false,
        reason.channel === "browser"
          ? "The sign-in on the vendor's page is not finished. Paste the address at which it ended."
          : `A code was sent by ${reason.channel}. Type it in to finish signing in.`,
      ),
    VerificationRequired: (reason) => facts("needsUser", false, `Open the Blink app first: ${reason.what}.`),
    SignedOut: () => facts("needsUser", false, "Nobody is signed in here. Sign in first."),
    SessionLost: () => facts("sessionLost", false, "The cloud ended this session. Sign in again."),
    SignInPaused: (reason) =>
      facts(
        "blocked",
        false,
        `Too many sign-ins in a row get accounts locked, so the next one has to wait ${wait(reason.retryAfter)}.`,
      ),
    Throttled: (reason) =>
      facts(
        "blocked",
        true,
        `The cloud asks for fewer requests. The next one goes out in ${wait(reason.retryAfter)}.`,
      ),
    EdgeBlocked: (reason) =>
      facts(
        "blocked",
        true,
        `The cloud turns this machine away for now (${reason.status}). The next try is in ${wait(reason.retryAfter)}; if it stays so, check the identity strings in the settings.`,
      ),
    BudgetSpent: (reason) =>
      facts(
        "blocked",
        true,
        `This hour's requests are used up. The next one goes out in ${wait(reason.retryAfter)}.`,
      ),
    Busy: () => facts("busy", true, "The sync module is busy with something else. Try again in a moment."),
    NotSupported: (reason) =>
      facts("notSupported", false, `The cloud does not offer this (any more): ${reason.what}.`),
    WrongTarget: (reason) =>
      facts("wrongTarget", false, `The cloud does not know it: ${reason.what}. Look at the home again.`),
    AccessDenied: (reason) =>
      facts("wrongTarget", false, `This account may not do that: ${reason.what}. A share may have ended.`),
    Refused: (reason) => facts("refused", false, `The cloud declined: ${reason.what}.`),
    Unreachable: () => facts("transient", true, "The cloud cannot be reached. Check the network connection."),
    CloudTrouble: (reason) =>
      facts("transient", true, `The cloud has trouble of its own (${reason.status}). It passes by itself.`),
    NotReady: (reason) => facts("transient", true, `Not there yet: ${reason.what}. Ask again in a moment.`),
    UnexpectedResponse: (reason) =>
      facts("transient", true, `The cloud answered something unexpected (${reason.status}): ${reason.what}`),
    CommandFailed: (reason) =>
      facts("refused", false, `The command failed (${reason.statusCode}): ${reason.what}.`),
    OutcomeUnknown: (reason) =>
      facts(
        "transient",
        false,
        `It is unknown whether the command took effect: ${reason.what}. Look at the home before you repeat it.`,
      ),
    NotVerified: (reason) =>
      facts("transient", false, `The cloud reported success, but the home shows otherwise: ${reason.what}.`),
    StoreFailed: () =>
      facts(
        "needsUser",
        false,
        "The saved session cannot be read or written. Check the state folder and its permissions.",
      ),
  }),
)
