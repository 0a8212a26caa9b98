import type { AccountId, CursorEvent, EventKind } from "@blink-streams/model"
import type { EventsOptions } from "../../AccountMonitorContract.ts"

/**
 * Passes the events of an account, or of all with `null`, that `options` ask for. Backfilled ones are history: they are
 * left out unless `options` ask for them or begin at the beginning.
 */
export const eventFilter = <Kind extends EventKind>(
  account: AccountId | null,
  { since, kinds, backfilled = since === "beginning" }: EventsOptions<Kind>,
): ((event: CursorEvent) => event is CursorEvent<Kind>) => {
  const requestedKinds = kinds === undefined ? null : new Set<EventKind>(kinds)
  return (event): event is CursorEvent<Kind> =>
    (account === null || event.subject.account === account) &&
    (requestedKinds === null || requestedKinds.has(event.kind)) &&
    (backfilled || event.backfilled !== true)
}
