import type { Epoch, BlinkState, Seq, SourceHealth } from "@blink-streams/model"
import type { Gap, Prompt, WireEvent } from "@blink-streams/protocol"
import type { Connection } from "./Connection.ts"

/** A place in the server's log; hand it to `connect({ since })` later to go on from there. */
export interface Cursor {
  readonly epoch: Epoch
  readonly seq: Seq
}

/** An event with its place. `replayed`: it comes from the log, from before this connection or while it was slow. */
export interface ReceivedEvent extends Cursor {
  readonly event: WireEvent
  readonly replayed: boolean
}

/** What a subscriber is told, in order. The client's `state`, `cursor`, … already hold it. */
export type Change =
  | { readonly type: "state"; readonly state: BlinkState }
  | ({ readonly type: "event" } & ReceivedEvent)
  /** What lies after `from` up to `to` can't be told any more. The state that follows is right again. */
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
