import type { Gap } from "@blink-streams/protocol"
import type { ReceivedEvent } from "../../Change.ts"

/** Id of the account of an event that concerns all accounts of the log. */
const allAccounts = 0

/** Returns a gap of the log as an event. The log does not contain it, so its `cursor` is that of the position after it. */
export const gapEvent = ({ from, to, reason }: typeof Gap.Type, now: number): ReceivedEvent<"gap"> => {
  const time = new Date(now).toISOString()
  const event = {
    kind: "gap",
    id: `gap:log:${from}:${to}`,
    occurredAt: time,
    observedAt: time,
    source: "log",
    subject: { account: allAccounts },
    data: { source: "log", from: null, to: null, reason },
    cursor: to,
    replayed: false,
  }
  // Without schemas, ids and times become those of events as in every message: by parsing.
  return JSON.parse(JSON.stringify(event))
}
