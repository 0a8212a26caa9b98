import type { ReceivedEvent } from "@blink-streams/client"
import type { BlinkEvent } from "@blink-streams/model"
import { styleText } from "node:util"
import { describeEvent } from "./describeEvent.ts"
import { fit } from "./fit.ts"
import { clockText, durationText } from "./times.ts"

const styles = { alarm: "red", warning: "yellow", notice: "cyan", quiet: "gray" } as const

/** One event as one line of text: time, glyph, subject, text, lag from 1 s on. */
export const eventLine = (event: BlinkEvent, coloured: boolean): string => {
  const { severity, glyph, subjectName, text } = describeEvent(event)
  const lag = Date.parse(event.observedAt) - Date.parse(event.occurredAt)
  const colouredGlyph = coloured ? styleText(styles[severity], glyph, { validateStream: false }) : glyph
  return `${clockText(event.occurredAt)}  ${colouredGlyph} ${fit(subjectName, 16)} ${text}${lag >= 1_000 ? `  +${durationText(lag)}` : ""}`
}

/** One event as one line of JSON: its own fields, `cursor` and `replayed`. */
export const eventJson = (event: ReceivedEvent): string => JSON.stringify({ type: "event", ...event })
