import type { EventLog, AccountPrompt } from "@blink-streams/events"
import type { Filter } from "@blink-streams/protocol"
import type { Effect } from "effect"
import type { Permissions } from "../../Permissions.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { positionFields } from "../replay/cursorPosition.ts"
import { filterState } from "./filterState.ts"
import { visiblePrompts } from "./visiblePrompts.ts"

/** A consistent snapshot of the log: the state of all accounts at `seq`. */
export type LogSnapshot = Effect.Success<EventLog["Service"]["snapshot"]>

/**
 * Returns the content of a snapshot message, for the websocket and HTTP. `ready` is true when there are accounts
 * and each has been polled.
 */
export const snapshotBody = (
  permissions: Permissions,
  filter: Filter,
  { epoch, seq, state }: LogSnapshot,
  prompts: ReadonlyArray<AccountPrompt>,
  mediaUrls: MediaUrlSigner,
  now: number,
) => {
  const { accounts } = filterState(permissions, [filter], state)
  const asOfTimes = accounts.flatMap(({ asOf }) => asOf ?? [])
  return {
    ...positionFields({ epoch, seq }),
    asOf: asOfTimes.toSorted()[0] ?? null,
    ready: accounts.length > 0 && asOfTimes.length === accounts.length,
    state: { accounts: accounts.map((account) => mediaUrls.signState(account, now)) },
    prompts: visiblePrompts(permissions, prompts),
  }
}
