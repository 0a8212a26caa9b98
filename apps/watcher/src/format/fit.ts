import stringWidth from "string-width"

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })
// oxlint-disable-next-line no-control-regex -- the range is printable ASCII
const printableAscii = /^[\u0020-\u007E]*$/

/** Width of `text` in terminal columns. */
export const columnsOf = (text: string): number =>
  printableAscii.test(text) ? text.length : stringWidth(text)

/** Pads or truncates `text` to exactly `columns` terminal columns. Truncated text ends in `…`; graphemes stay whole. */
export const fit = (text: string, columns: number, align: "left" | "right" = "left"): string => {
  if (columns <= 0) return ""
  const width = columnsOf(text)
  if (width <= columns) {
    const blanks = " ".repeat(columns - width)
    return align === "left" ? text + blanks : blanks + text
  }
  let kept = ""
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    const next = columnsOf(segment)
    if (used + next > columns - 1) break
    kept += segment
    used += next
  }
  return `${kept}…${" ".repeat(columns - 1 - used)}`
}
