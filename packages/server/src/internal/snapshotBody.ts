import type { EventLog } from "@blink-streams/events/EventLog"
import type { Prompt } from "@blink-streams/events/Prompt"
import type { Filter } from "@blink-streams/protocol/ClientMessage"
import type { Effect } from "effect"
import type { Grant } from "../Grant.ts"
import type { MediaAddress } from "../MediaAddress.ts"
import { homeView } from "../stateView.ts"
import { visiblePrompts } from "./visiblePrompts.ts"

/** All accounts at one place of the log. */
export type Cut = Effect.Success<EventLog["Service"]["cut"]>

/** What a snapshot says, on the socket and over HTTP. */
export const snapshotBody = (
  grant: Grant,
  filter: Filter,
  { epoch, seq, state }: Cut,
  prompts: ReadonlyArray<Prompt>,
  media: MediaAddress,
  now: number,
) => {
  const { accounts } = homeView(grant, [filter], state)
  const seen = accounts.flatMap(({ asOf }) => asOf ?? [])
  return {
    epoch,
    seq,
    asOf: seen.toSorted()[0] ?? null,
    ready: accounts.length > 0 && seen.length === accounts.length,
    state: { accounts: accounts.map((account) => media.state(account, now)) },
    prompts: visiblePrompts(grant, prompts),
  }
}
