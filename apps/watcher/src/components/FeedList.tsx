import { Text } from "ink"
import type { FeedRow } from "../Feed.ts"
import { columnsOf, fit } from "../fit.ts"
import type { Theme } from "../theme.ts"
import { clockText, spanText } from "../times.ts"

const severityColour = (row: FeedRow, theme: Theme): string =>
  ({ alarm: theme.alarm, warning: theme.warning, notice: theme.accent, quiet: theme.muted })[row.severity]

/** Late facts say how late; what came at once says nothing. */
const lagText = ({ lag }: FeedRow): string => (lag >= 1_000 ? `+${spanText(lag)}` : "")

interface Props {
  readonly rows: ReadonlyArray<FeedRow>
  /** `null` follows the newest. */
  readonly mark: string | null
  readonly focused: boolean
  readonly width: number
  readonly height: number
  readonly theme: Theme
  readonly quiet: (row: FeedRow) => boolean
}

export const FeedList = ({ rows, mark, focused, width, height, theme, quiet }: Props) => {
  const marked = mark === null ? rows.length - 1 : rows.findIndex(({ key }) => key === mark)
  const last =
    mark === null ? rows.length : Math.min(rows.length, Math.max(height, marked + Math.ceil(height / 2)))
  const whoWidth = Math.max(8, Math.min(24, Math.floor(width * 0.22)))
  if (rows.length === 0) return <Text color={theme.muted}>{fit(" nothing has happened yet", width)}</Text>
  return rows.slice(Math.max(0, last - height), last).map((row) => {
    const isSelected = focused && rows[marked] === row
    const isQuiet = row.acknowledged || row.severity === "quiet" || quiet(row)
    const tail = [row.count > 1 ? `×${row.count}` : "", row.replayed ? "↺" : "", lagText(row)]
      .filter(Boolean)
      .join(" ")
    const whatWidth = width - whoWidth - columnsOf(tail) - 15
    return (
      <Text
        key={row.key}
        dimColor={row.acknowledged}
        {...(isSelected ? { backgroundColor: theme.selected } : {})}
      >
        <Text color={theme.accent}>{isSelected ? "›" : isQuiet ? " " : "•"}</Text>
        <Text color={theme.muted}>{clockText(row.occurredAt)}</Text>{" "}
        <Text color={severityColour(row, theme)}>{fit(row.glyph, 2)}</Text>
        <Text bold={!isQuiet}>{fit(row.who, whoWidth)}</Text>{" "}
        <Text {...(isQuiet ? { color: theme.muted } : {})}>{fit(row.what, whatWidth)}</Text>{" "}
        <Text color={theme.muted}>{tail}</Text>{" "}
      </Text>
    )
  })
}
