import type { Session } from "@blink-streams/core"
import {
  type AccountId,
  type SessionState,
  timestampFromMillis,
  timestampToMillis,
} from "@blink-streams/model"
import { Clock, Effect, Redacted, SubscriptionRef } from "effect"
import { type AccountPrompt, PromptGone } from "../../Prompt.ts"
import { isTransient } from "../session/isTransient.ts"

const promptKind = ({ state }: SessionState): AccountPrompt["kind"] | null => {
  switch (state) {
    case "awaiting_pin":
      return "two_factor"
    case "signed_out":
      return "reauth"
    case "blocked":
      return "blocked"
    case "authorizing":
    case "renewing":
    case "active":
      return null
    default:
      return state satisfies never
  }
}

/**
 * The cloud sends another code only for a new sign-in, which takes the password. So a value that is not digits counts
 * as the password, once the waiting time that the cloud requested is over.
 */
const requestsNewCode = ({ resendAfter }: SessionState, value: Redacted.Redacted, now: number): boolean =>
  !/^[\d\s]*$/.test(Redacted.value(value)) &&
  resendAfter !== undefined &&
  timestampToMillis(resendAfter) <= now

/** The steps that await a person, at most one per account. */
export const makeAccountPrompts = Effect.gen(function* () {
  const state = yield* SubscriptionRef.make<ReadonlyArray<AccountPrompt>>([])
  return {
    state,
    /** A prompt stays while a submitted value is checked. It ends when the session state changes. */
    update: Effect.fnUntraced(function* (account: AccountId, session: SessionState) {
      if (isTransient(session)) return
      const kind = promptKind(session)
      const since = timestampFromMillis(yield* Clock.currentTimeMillis)
      yield* SubscriptionRef.update(state, (before) => {
        const existing = before.find((known) => known.account === account)
        if ((existing?.kind ?? null) === kind) return before
        const others = before.filter((known) => known.account !== account)
        if (kind === null) return others
        const prompt = { id: `${kind}:${account}:${since}`, kind, account, since }
        return [...others, session.until === undefined ? prompt : { ...prompt, expiresAt: session.until }]
      })
    }),
    remove: (account: AccountId) =>
      SubscriptionRef.update(state, (before) => before.filter((known) => known.account !== account)),
    /** Returns a pending prompt. **Errors.** `PromptGone`. */
    get: Effect.fnUntraced(function* (id: string) {
      const pending = (yield* SubscriptionRef.get(state)).find((prompt) => prompt.id === id)
      return pending ?? (yield* new PromptGone({ prompt: id }))
    }),
  }
})

/** Submits a code or password to the session that a prompt is for. `email` is the login, if it is known. */
export const submitTo = Effect.fnUntraced(function* (
  session: Session["Service"],
  pending: AccountPrompt,
  email: string | null,
  value: Redacted.Redacted,
) {
  // A concurrent submission may have resolved it: a restored session needs no sign-in.
  const now = yield* SubscriptionRef.get(session.state)
  if (promptKind(now) !== pending.kind) return yield* new PromptGone({ prompt: pending.id })
  if (pending.kind === "two_factor" && !requestsNewCode(now, value, yield* Clock.currentTimeMillis))
    return yield* session.submitPin(value)
  if (email === null) return yield* new PromptGone({ prompt: pending.id })
  // A person is present, so the guard against restart loops does not apply.
  return yield* session.signIn({ email, password: value, attended: true })
})
