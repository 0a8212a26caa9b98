import { Session } from "@blink-streams/core"
import {
  type AccountId,
  type SessionState,
  timestampFromMillis,
  timestampToMillis,
} from "@blink-streams/model"
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
import { AccountLease } from "../../AccountLease.ts"
import { EventLog } from "../../EventLog.ts"
import type { AccountMonitorContract, AccountMonitorServices } from "../../AccountMonitorContract.ts"
import type { AddOptions, AccountMonitorsContract } from "../../AccountMonitorsContract.ts"
import { type AccountPrompt, PromptGone } from "../../Prompt.ts"
import { isTransient } from "../session/isTransient.ts"
import { resolveAccount, makeAccountMonitor } from "./makeAccountMonitor.ts"

const promptKind = ({ state }: SessionState): AccountPrompt["kind"] | null => {
  if (state === "awaiting_pin") return "two_factor"
  if (state === "signed_out") return "reauth"
  return state === "blocked" ? "blocked" : null
}

/**
 * The cloud sends another code only for a new sign-in, which takes the password. So a value that is not digits counts
 * as the password, once the waiting time that the cloud requested is over.
 */
const requestsNewCode = ({ resendAfter }: SessionState, value: Redacted.Redacted, now: number): boolean =>
  !/^[\d\s]*$/.test(Redacted.value(value)) &&
  resendAfter !== undefined &&
  timestampToMillis(resendAfter) <= now

interface RunningMonitor {
  readonly monitor: AccountMonitorContract
  readonly scope: Scope.Closeable
  readonly email: string | null
  readonly submitLock: Semaphore.Semaphore
}

/** Monitors by account, each in its own scope, so that stopping one does not affect another. */
export const makeAccountMonitors = Effect.gen(function* () {
  const log = yield* EventLog
  const leases = yield* AccountLease
  const scope = yield* Effect.scope
  const startLock = yield* Semaphore.make(1)
  const running = new Map<AccountId, RunningMonitor>()
  const monitors = yield* SubscriptionRef.make<ReadonlyMap<AccountId, AccountMonitorContract>>(new Map())
  const prompts = yield* SubscriptionRef.make<ReadonlyArray<AccountPrompt>>([])

  const publish = Effect.suspend(() =>
    SubscriptionRef.set(monitors, new Map([...running].map(([account, { monitor }]) => [account, monitor]))),
  )

  /** A prompt stays while a submitted value is checked. It ends when the session state changes. */
  const updatePrompt = Effect.fnUntraced(function* (account: AccountId, session: SessionState) {
    if (isTransient(session)) return
    const kind = promptKind(session)
    const since = timestampFromMillis(yield* Clock.currentTimeMillis)
    yield* SubscriptionRef.update(prompts, (before) => {
      const existing = before.find((known) => known.account === account)
      if ((existing?.kind ?? null) === kind) return before
      const others = before.filter((known) => known.account !== account)
      if (kind === null) return others
      const prompt = { id: `${kind}:${account}:${since}`, kind, account, since }
      return [...others, session.until === undefined ? prompt : { ...prompt, expiresAt: session.until }]
    })
  })

  const removeAccount = (account: AccountId) =>
    Effect.gen(function* () {
      running.delete(account)
      yield* publish
      yield* SubscriptionRef.update(prompts, (before) => before.filter((known) => known.account !== account))
    })

  const start = <E>(
    services: Layer.Layer<AccountMonitorServices, E>,
    options: AddOptions,
    ownScope: Scope.Closeable,
  ) =>
    Effect.gen(function* () {
      const context = yield* Layer.build(services)
      const account = yield* Effect.provideContext(resolveAccount, context)
      yield* leases.acquire(account)
      const monitor = yield* makeAccountMonitor(options).pipe(
        Effect.provideContext(Context.add(context, EventLog, log)),
      )
      running.set(account, {
        monitor,
        scope: ownScope,
        email: options.email ?? null,
        submitLock: yield* Semaphore.make(1),
      })
      yield* Effect.addFinalizer(() => removeAccount(account))
      yield* publish
      yield* SubscriptionRef.changes(Context.get(context, Session).state).pipe(
        Stream.runForEach((session) => updatePrompt(account, session)),
        Effect.forkScoped,
      )
      return monitor
    }).pipe(
      Effect.provideService(Scope.Scope, ownScope),
      Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : Scope.close(ownScope, exit))),
    )

  const submitPrompt = Effect.fnUntraced(function* (id: string, value: Redacted.Redacted) {
    const pending = (yield* SubscriptionRef.get(prompts)).find((prompt) => prompt.id === id)
    const entry = pending === undefined ? undefined : running.get(pending.account)
    if (pending === undefined || entry === undefined) return yield* new PromptGone({ prompt: id })
    const { email, monitor, submitLock } = entry
    return yield* submitLock.withPermit(
      Effect.gen(function* () {
        // A concurrent submission may have resolved it: a restored session needs no sign-in.
        const session = yield* SubscriptionRef.get(monitor.session.state)
        if (promptKind(session) !== pending.kind) return yield* new PromptGone({ prompt: id })
        const now = yield* Clock.currentTimeMillis
        if (pending.kind === "two_factor" && !requestsNewCode(session, value, now))
          return yield* monitor.session.submitPin(value)
        if (email === null) return yield* new PromptGone({ prompt: id })
        // A person is present, so the guard against restart loops does not apply.
        return yield* monitor.session.signIn({ email, password: value, attended: true })
      }),
    )
  })

  const service: AccountMonitorsContract = {
    monitors,
    log,
    add: (services, options = {}) =>
      startLock.withPermits(1)(
        Effect.flatMap(Scope.fork(scope), (ownScope) => start(services, options, ownScope)),
      ),
    remove: (account) =>
      Effect.suspend(() => {
        const ownScope = running.get(account)?.scope
        return ownScope === undefined ? Effect.void : Scope.close(ownScope, Exit.void)
      }),
    prompts,
    submitPrompt,
  }
  return service
})
