import type { BlinkState, CursorEvent, EventKind, SourceHealth } from "@blink-streams/model"
import type { Gap, Prompt } from "@blink-streams/protocol"
import type { Connection } from "./Connection.ts"

/**
 * An event of the server: its own fields, `cursor` and `replayed`. `replayed` is true when it was read from the log:
 * before this connection or while it was slow.
 */
export type ReceivedEvent<Kind extends EventKind = EventKind> = CursorEvent<Kind>

/**
 * A change of the client, in order. `state` and the other properties of the client already include it; `cursor` includes an
 * event when all listeners have returned.
 */
export type Change =
  | { readonly type: "state"; readonly state: BlinkState }
  | { readonly type: "event"; readonly event: ReceivedEvent }
  /** The events between the cursors `from` and `to` are lost. The next `state` is complete and current. */
  | {
      readonly type: "gap"
      readonly from: string
      readonly to: string
      readonly reason: (typeof Gap.Type)["reason"]
    }
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "prompts"; readonly prompts: ReadonlyArray<Prompt> }
  | {
      readonly type: "heartbeat"
      readonly cursor: string
      readonly serverTime: string
      readonly sources: Readonly<Record<string, SourceHealth>>
    }
