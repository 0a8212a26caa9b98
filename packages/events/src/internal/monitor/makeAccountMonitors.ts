import { Session } from "@blink-streams/core"
import type { AccountId } from "@blink-streams/model"
import {
  Context,
  Effect,
  Exit,
  Layer,
  type Redacted,
  Scope,
  Semaphore,
  Stream,
  SubscriptionRef,
} from "effect"
import { AccountLease, AccountLeaseHeld } from "../../AccountLease.ts"
import type { AccountMonitorContract, AccountMonitorServices } from "../../AccountMonitorContract.ts"
import type { AccountMonitorsContract, AddOptions } from "../../AccountMonitorsContract.ts"
import { EventLog } from "../../EventLog.ts"
import { PromptGone } from "../../Prompt.ts"
import { makeAccountPrompts, submitTo } from "./accountPrompts.ts"
import { makeAccountMonitor } from "./makeAccountMonitor.ts"

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
  const prompts = yield* makeAccountPrompts

  /** An account id of another cloud would mix two accounts in the log. */
  const ownLeases = AccountLease.of({
    acquire: (account, apiUrl) =>
      Effect.suspend(() =>
        running.has(account) ? new AccountLeaseHeld({ account }) : leases.acquire(account, apiUrl),
      ),
  })

  const publish = Effect.suspend(() =>
    SubscriptionRef.set(monitors, new Map([...running].map(([account, { monitor }]) => [account, monitor]))),
  )

  const removeAccount = Effect.fnUntraced(function* (account: AccountId) {
    running.delete(account)
    yield* publish
    yield* prompts.remove(account)
  })

  const start = Effect.fnUntraced(function* <E>(
    services: Layer.Layer<AccountMonitorServices, E>,
    options: AddOptions,
    ownScope: Scope.Closeable,
  ) {
    const context = yield* Layer.build(services)
    const monitor = yield* makeAccountMonitor(options).pipe(
      Effect.provideContext(context.pipe(Context.add(EventLog, log), Context.add(AccountLease, ownLeases))),
    )
    const { account } = monitor
    const submitLock = yield* Semaphore.make(1)
    running.set(account, { monitor, scope: ownScope, email: options.email ?? null, submitLock })
    yield* Effect.addFinalizer(() => removeAccount(account))
    yield* publish
    yield* SubscriptionRef.changes(Context.get(context, Session).state).pipe(
      Stream.runForEach((session) => prompts.update(account, session)),
      Effect.forkScoped,
    )
    return monitor
  })

  const add = Effect.fnUntraced(function* <E>(
    services: Layer.Layer<AccountMonitorServices, E>,
    options: AddOptions = {},
  ) {
    const ownScope = yield* Scope.fork(scope)
    return yield* start(services, options, ownScope).pipe(
      Effect.provideService(Scope.Scope, ownScope),
      Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : Scope.close(ownScope, exit))),
    )
  }, startLock.withPermits(1))

  const service: AccountMonitorsContract = {
    monitors,
    log,
    add,
    remove: (account) =>
      Effect.suspend(() => {
        const ownScope = running.get(account)?.scope
        return ownScope === undefined ? Effect.void : Scope.close(ownScope, Exit.void)
      }),
    prompts: prompts.state,
    submitPrompt: Effect.fnUntraced(function* (id: string, value: Redacted.Redacted) {
      const pending = yield* prompts.get(id)
      const entry = running.get(pending.account)
      if (entry === undefined) return yield* new PromptGone({ prompt: id })
      const { session } = entry.monitor
      return yield* entry.submitLock.withPermit(submitTo(session, pending, entry.email, value))
    }),
  }
  return service
})
