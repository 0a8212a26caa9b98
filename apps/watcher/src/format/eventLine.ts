import type { ReceivedEvent } from "@blink-streams/client"
import type { BlinkEvent } from "@blink-streams/model"
import { styleText } from "node:util"
import { eventLabel } from "./eventLabel.ts"
import { fit } from "./fit.ts"
import { clockText, durationText } from "./times.ts"

const styles = { alert: "red", warning: "yellow", notice: "cyan", info: "gray" } as const

/** One event as one line of text: time, glyph, subject, text, lag from 1 s on unless it is backfilled. */
export const eventLine = (event: BlinkEvent, coloured: boolean): string => {
  const { severity, resolved, glyph, subjectName, text } = eventLabel(event)
  const lag = event.backfilled === true ? 0 : Date.parse(event.observedAt) - Date.parse(event.occurredAt)
  const style = resolved ? "green" : styles[severity]
  const colouredGlyph = coloured ? styleText(style, glyph, { validateStream: false }) : glyph
  return `${clockText(event.occurredAt)}  ${colouredGlyph} ${fit(subjectName, 16)} ${text}${lag >= 1_000 ? `  +${durationText(lag)}` : ""}`
}

/** One event as one line of JSON: its own fields, `cursor` and `replayed`. */
export const eventJson = (event: ReceivedEvent): string => JSON.stringify({ type: "event", ...event })
