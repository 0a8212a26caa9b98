import { AccountMonitors, type EventLog } from "@blink-streams/events"
import type { Filter } from "@blink-streams/protocol"
import { Clock, Effect, SubscriptionRef } from "effect"
import type { Permissions } from "../../Permissions.ts"
import { MediaUrls } from "../media/MediaUrls.ts"
import { positionFields } from "../replay/cursorPosition.ts"
import { filterState } from "./filterState.ts"
import { visiblePrompts } from "./visiblePrompts.ts"

/** A consistent snapshot of the log: the state of all accounts at `seq`. */
export type LogSnapshot = Effect.Success<EventLog["Service"]["snapshot"]>

/**
 * Makes the content of snapshot messages, for the websocket and HTTP, from the prompts and the time of the call. `ready` is
 * true when there are accounts and each has been polled.
 */
export const makeSnapshotBody = Effect.gen(function* () {
  const monitors = yield* AccountMonitors
  const mediaUrls = yield* MediaUrls
  const clock = yield* Clock.Clock
  return (permissions: Permissions, filter: Filter, { epoch, seq, state }: LogSnapshot) => {
    const now = clock.currentTimeMillisUnsafe()
    const { accounts } = filterState(permissions, [filter], state)
    const asOfTimes = accounts.flatMap(({ asOf }) => asOf ?? [])
    return {
      ...positionFields({ epoch, seq }),
      asOf: asOfTimes.toSorted()[0] ?? null,
      ready: accounts.length > 0 && asOfTimes.length === accounts.length,
      state: { accounts: accounts.map((account) => mediaUrls.signState(account, now)) },
      prompts: visiblePrompts(permissions, SubscriptionRef.getUnsafe(monitors.prompts)),
    }
  }
})
