import type { Epoch, BlinkState, Seq, SourceHealth } from "@blink-streams/model"
import type { Gap, Prompt, WireEvent } from "@blink-streams/protocol"
import type { Connection } from "./Connection.ts"

/** Position in the server's event log. Pass it to `connect({ since })` to continue from there. */
export interface Cursor {
  readonly epoch: Epoch
  readonly seq: Seq
}

/**
 * An event with its position. `replayed` is true when it was read from the log: before this connection or
 * while it was slow.
 */
export interface ReceivedEvent extends Cursor {
  readonly event: WireEvent
  readonly replayed: boolean
}

/**
 * A change of the client, in order. `state`, `cursor` and the other properties of the client already include
 * it.
 */
export type Change =
  | { readonly type: "state"; readonly state: BlinkState }
  | ({ readonly type: "event" } & ReceivedEvent)
  /** The events after `from` up to `to` are lost. The next `state` is complete and current. */
  | {
      readonly type: "gap"
      readonly from: Seq
      readonly to: Seq
      readonly reason: (typeof Gap.Type)["reason"]
    }
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "prompts"; readonly prompts: ReadonlyArray<Prompt> }
  | {
      readonly type: "heartbeat"
      readonly seq: Seq
      readonly serverTime: string
      readonly sources: Readonly<Record<string, SourceHealth>>
    }
