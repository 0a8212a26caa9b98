import type { Home } from "@blink-streams/events/Home"
import { Wish } from "@blink-streams/events/Wish"
import type { AccountId, AccountState } from "@blink-streams/model"
import type { Command } from "@blink-streams/protocol/ClientMessage"
import type { ErrorCode } from "@blink-streams/protocol/ErrorCode"
import { Effect, Exit, Result, Schema, SubscriptionRef } from "effect"
import { type Grant, mayCommand, visibleState } from "../Grant.ts"

type RunningHome = Home["Service"]
export type CommandWish = Omit<Command, "type" | "id">

export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly details?: Schema.Json
}

/** What a command comes down to: a wish for one home, or `null` for another look at everything. */
export interface Order {
  readonly home: RunningHome
  readonly wish: Wish | null
}

const refuse = (code: ErrorCode, message: string, details?: Schema.Json) =>
  Result.fail<Refusal>({ code, message, ...(details === undefined ? {} : { details }) })

const decode = Schema.decodeUnknownExit(Wish)
const names: ReadonlySet<string> = new Set(Object.keys(Wish.cases))

const findCamera = (state: AccountState, { camera, kind }: NonNullable<Command["target"]>) => {
  const found = state.cameras.filter(
    (known) => known.id === camera && (kind === undefined || known.kind === kind),
  )
  return found.length === 1 ? found[0] : undefined
}

/** The one home that a target names; with a single account it need not be named. */
const findHome = (
  homes: ReadonlyMap<AccountId, RunningHome>,
  states: ReadonlyMap<AccountId, AccountState>,
  target: NonNullable<Command["target"]>,
) => {
  const fitting = [...homes.values()].filter((home) => {
    const state = states.get(home.account)
    return (
      state !== undefined &&
      (target.account === undefined || target.account === home.account) &&
      (target.network === undefined || state.networks.some(({ id }) => id === target.network)) &&
      (target.camera === undefined || findCamera(state, target) !== undefined)
    )
  })
  return fitting.length === 1 ? fitting[0] : undefined
}

/** Finds out whom a command is for and whether it may be run. What a token may not see does not exist for it. */
export const toOrder = (
  homes: ReadonlyMap<AccountId, RunningHome>,
  grant: Grant,
  { name, target = {}, args, expect }: CommandWish,
) =>
  Effect.gen(function* () {
    if (name !== "refresh" && !names.has(name))
      return refuse("unsupported", `there is no command called "${name}"`, {
        commands: [...names],
      })
    const states = new Map<AccountId, AccountState>()
    for (const home of homes.values()) {
      const state = visibleState(grant, yield* SubscriptionRef.get(home.state))
      if (state !== null) states.set(home.account, state)
    }
    const home = findHome(homes, states, target)
    const state = home && states.get(home.account)
    if (home === undefined || state === undefined)
      return refuse("not_found", "the target names no network or camera here, or more than one")

    const camera = target.camera === undefined ? undefined : findCamera(state, target)
    const network = target.network ?? camera?.networkId
    const allowed = mayCommand(grant, {
      account: home.account,
      ...(network === undefined ? {} : { network }),
      ...(camera === undefined ? {} : { camera }),
    })
    if (!allowed) return refuse("not_found", "the target names no network or camera here, or more than one")

    if (expect?.armed !== undefined) {
      const arm = state.networks.find(({ id }) => id === network)?.arm.state ?? "unknown"
      if (arm !== (expect.armed ? "armed" : "disarmed"))
        return refuse("expectation_failed", `the network is ${arm}; nothing was sent`, { arm })
    }
    if (name === "refresh" && camera === undefined) return Result.succeed<Order>({ home, wish: null })

    const wish = decode({
      name,
      network,
      ...(camera === undefined ? {} : { camera: camera.id, kind: camera.kind }),
      ...(args === undefined ? {} : { args }),
    })
    return Exit.isSuccess(wish)
      ? Result.succeed<Order>({ home, wish: wish.value })
      : refuse("wrong_target", `"${name}" needs another target or other arguments`)
  })
