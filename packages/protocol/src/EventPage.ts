import { Cursor } from "@blink-streams/model"
import { Schema, Struct } from "effect"
import { EventMessage } from "./ServerMessage.ts"

/** An event of the log over HTTP: the message `event` without `sub`. */
export const LoggedEvent = EventMessage.mapFields(Struct.omit(["sub"]))
export type LoggedEvent = typeof LoggedEvent.Type

/** Page of the event log, oldest event first. `previous` and `next` are the cursors before and after it. */
export const EventPage = Schema.Struct({
  events: Schema.Array(LoggedEvent),
  previous: Cursor,
  next: Cursor,
  /** With `since`, true when the log has events after `next`; otherwise when it has events before `previous`. */
  more: Schema.Boolean,
})
export type EventPage = typeof EventPage.Type
