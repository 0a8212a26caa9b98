import { Session } from "@blink-streams/core/Session"
import { type AccountId, type SessionState, Timestamps } from "@blink-streams/model"
import {
  Clock,
  Context,
  Effect,
  Exit,
  Layer,
  Redacted,
  Scope,
  Semaphore,
  Stream,
  SubscriptionRef,
} from "effect"
import { AccountLease } from "../AccountLease.ts"
import { EventLog } from "../EventLog.ts"
import type { Home, HomeServices } from "../Home.ts"
import type { AddOptions, Homes } from "../Homes.ts"
import { type Prompt, PromptGone } from "../Prompt.ts"
import { isPassing } from "./isPassing.ts"
import { accountOf, makeHome } from "./makeHome.ts"

const kindOf = ({ state }: SessionState): Prompt["kind"] | null => {
  if (state === "awaitingPin") return "two_factor"
  if (state === "signedOut") return "reauth"
  return state === "blocked" ? "blocked" : null
}

/**
 * The cloud has no door for another code: a new sign-in sends one. So a password is an answer as well, once the wait
 * that the cloud asked for is over. A code is digits.
 */
const asksForAnother = ({ resendAfter }: SessionState, value: Redacted.Redacted, now: number): boolean =>
  !/^[\d\s]*$/.test(Redacted.value(value)) &&
  resendAfter !== undefined &&
  Timestamps.toMillis(resendAfter) <= now

interface Running {
  readonly home: Home["Service"]
  readonly scope: Scope.Closeable
  readonly email: string | null
  readonly oneAnswer: Semaphore.Semaphore
}

/** Homes by account, each in a scope of its own, so that one that stops takes nothing of another with it. */
export const makeHomes = Effect.gen(function* () {
  const log = yield* EventLog
  const leases = yield* AccountLease
  const scope = yield* Effect.scope
  const oneByOne = yield* Semaphore.make(1)
  const running = new Map<AccountId, Running>()
  const all = yield* SubscriptionRef.make<ReadonlyMap<AccountId, Home["Service"]>>(new Map())
  const prompts = yield* SubscriptionRef.make<ReadonlyArray<Prompt>>([])

  const publish = Effect.suspend(() =>
    SubscriptionRef.set(all, new Map([...running].map(([account, { home }]) => [account, home]))),
  )

  /** A prompt stays while an answer is tried: it ends when the session does something else than before. */
  const ask = Effect.fnUntraced(function* (account: AccountId, session: SessionState) {
    if (isPassing(session)) return
    const kind = kindOf(session)
    const since = Timestamps.fromMillis(yield* Clock.currentTimeMillis)
    yield* SubscriptionRef.update(prompts, (before) => {
      const own = before.find((known) => known.account === account)
      if ((own?.kind ?? null) === kind) return before
      const others = before.filter((known) => known.account !== account)
      if (kind === null) return others
      const asked = { id: `${kind}:${account}:${since}`, kind, account, since }
      return [...others, session.until === undefined ? asked : { ...asked, expiresAt: session.until }]
    })
  })

  const forget = (account: AccountId) =>
    Effect.gen(function* () {
      running.delete(account)
      yield* publish
      yield* SubscriptionRef.update(prompts, (before) => before.filter((known) => known.account !== account))
    })

  const start = <E>(services: Layer.Layer<HomeServices, E>, options: AddOptions, own: Scope.Closeable) =>
    Effect.gen(function* () {
      const context = yield* Layer.build(services)
      const account = yield* Effect.provideContext(accountOf, context)
      yield* leases.acquire(account)
      const home = yield* makeHome(options).pipe(Effect.provideContext(Context.add(context, EventLog, log)))
      running.set(account, {
        home,
        scope: own,
        email: options.email ?? null,
        oneAnswer: yield* Semaphore.make(1),
      })
      yield* Effect.addFinalizer(() => forget(account))
      yield* publish
      yield* SubscriptionRef.changes(Context.get(context, Session).state).pipe(
        Stream.runForEach((session) => ask(account, session)),
        Effect.forkScoped,
      )
      return home
    }).pipe(
      Effect.provideService(Scope.Scope, own),
      Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : Scope.close(own, exit))),
    )

  const answer = Effect.fnUntraced(function* (id: string, value: Redacted.Redacted) {
    const asked = (yield* SubscriptionRef.get(prompts)).find((prompt) => prompt.id === id)
    const account = asked === undefined ? undefined : running.get(asked.account)
    if (asked === undefined || account === undefined) return yield* new PromptGone({ prompt: id })
    const { email, home, oneAnswer } = account
    return yield* oneAnswer.withPermit(
      Effect.gen(function* () {
        // Whoever was faster may have ended it: what has been mended is not signed in to again.
        const session = yield* SubscriptionRef.get(home.session.state)
        if (kindOf(session) !== asked.kind) return yield* new PromptGone({ prompt: id })
        const now = yield* Clock.currentTimeMillis
        if (asked.kind === "two_factor" && !asksForAnother(session, value, now))
          return yield* home.session.answerPin(value)
        if (email === null) return yield* new PromptGone({ prompt: id })
        // Somebody typed it just now, so the guard against restart loops does not apply.
        return yield* home.session.signIn({ email, password: value, attended: true })
      }),
    )
  })

  const service: Homes["Service"] = {
    all,
    log,
    add: (services, options = {}) =>
      oneByOne.withPermits(1)(Effect.flatMap(Scope.fork(scope), (own) => start(services, options, own))),
    remove: (account) =>
      Effect.suspend(() => {
        const own = running.get(account)?.scope
        return own === undefined ? Effect.void : Scope.close(own, Exit.void)
      }),
    prompts,
    answer,
  }
  return service
})
