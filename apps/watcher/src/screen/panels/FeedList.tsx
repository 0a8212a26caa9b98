import { Text } from "ink"
import type { FeedRow } from "../../model/Feed.ts"
import { columnsOf, fit } from "../../format/fit.ts"
import type { Theme } from "../../terminal/theme.ts"
import { clockText, durationText } from "../../format/times.ts"

const severityColour = (row: FeedRow, theme: Theme): string =>
  row.resolved
    ? theme.good
    : { alert: theme.alarm, warning: theme.warning, notice: theme.accent, info: theme.muted }[row.severity]

/** Lag of the event from 1 s on. */
const lagText = ({ lag }: FeedRow): string => (lag >= 1_000 ? `+${durationText(lag)}` : "")

interface Props {
  readonly rows: ReadonlyArray<FeedRow>
  /** `null` follows the newest row. */
  readonly selectedKey: string | null
  readonly focused: boolean
  readonly width: number
  readonly height: number
  readonly theme: Theme
  readonly isMuted: (row: FeedRow) => boolean
}

export const FeedList = ({ rows, selectedKey, focused, width, height, theme, isMuted }: Props) => {
  const selectedIndex =
    selectedKey === null ? rows.length - 1 : rows.findIndex(({ key }) => key === selectedKey)
  const last =
    selectedKey === null
      ? rows.length
      : Math.min(rows.length, Math.max(height, selectedIndex + Math.ceil(height / 2)))
  const subjectWidth = Math.max(8, Math.min(24, Math.floor(width * 0.22)))
  if (rows.length === 0) return <Text color={theme.muted}>{fit(" No events yet", width)}</Text>
  return rows.slice(Math.max(0, last - height), last).map((row) => {
    const isSelected = focused && rows[selectedIndex] === row
    const isQuiet = row.acknowledged || row.severity === "info" || isMuted(row)
    const tail = [row.count > 1 ? `×${row.count}` : "", row.replayed ? "↺" : "", lagText(row)]
      .filter(Boolean)
      .join(" ")
    const textWidth = width - subjectWidth - columnsOf(tail) - 15
    return (
      <Text
        key={row.key}
        dimColor={row.acknowledged}
        {...(isSelected ? { backgroundColor: theme.selected } : {})}
      >
        <Text color={theme.accent}>{isSelected ? "›" : isQuiet ? " " : "•"}</Text>
        <Text color={theme.muted}>{clockText(row.occurredAt)}</Text>{" "}
        <Text color={severityColour(row, theme)}>{fit(row.glyph, 2)}</Text>
        <Text bold={!isQuiet}>{fit(row.subjectName, subjectWidth)}</Text>{" "}
        <Text {...(isQuiet ? { color: theme.muted } : {})}>{fit(row.text, textWidth)}</Text>{" "}
        <Text color={theme.muted}>{tail}</Text>{" "}
      </Text>
    )
  })
}
