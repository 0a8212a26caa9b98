import type { AccountState } from "@blink-streams/model"
import { Text } from "ink"
import { cleanText } from "../format/cleanText.ts"
import type { FeedRow } from "../model/Feed.ts"
import { fit } from "../format/fit.ts"
import type { Binding } from "../input/keyBindings.ts"
import type { CommandLogEntry } from "../model/ScreenModel.ts"
import type { Theme } from "../terminal/theme.ts"
import { ageText, clockText, durationText } from "../format/times.ts"

interface OverlaySize {
  readonly width: number
  readonly height: number
  readonly theme: Theme
}

/** Every key, in as many columns as fit. */
export const Help = ({
  bindings,
  width,
  height,
  theme,
}: OverlaySize & { readonly bindings: ReadonlyArray<Binding> }) => {
  const columns = Math.max(1, Math.min(Math.ceil(bindings.length / height), Math.floor(width / 36)))
  const rows = Math.ceil(bindings.length / columns)
  const each = Math.floor((width - 1) / columns)
  return Array.from({ length: Math.min(rows, height) }, (_, row) => (
    <Text key={row}>
      {bindings
        .filter((_, index) => index % rows === row)
        .map(({ action, key, description }) => (
          <Text key={action}>
            <Text color={theme.accent} bold>{` ${fit(key, 10)}`}</Text>
            {fit(description, each - 11)}
          </Text>
        ))}
    </Text>
  ))
}

const sourceTone = {
  ok: "good",
  starting: "muted",
  off: "muted",
  stale: "warning",
  throttled: "warning",
  waiting: "alarm",
} as const

/** Each source of looks, the session and the budget, with the reason for what isn't well. */
export const Health = ({
  accounts,
  now,
  width,
  height,
  theme,
}: OverlaySize & { readonly accounts: ReadonlyArray<AccountState>; readonly now: number }) =>
  accounts
    .flatMap(({ account, session, budget, sources }) => [
      <Text key={`${account}`} bold>
        {fit(
          ` account ${account}: session ${session.state}${session.reason === undefined ? "" : `, ${cleanText(session.reason)}`}`,
          width,
        )}
      </Text>,
      <Text key={`${account}:budget`} color={theme.muted}>
        {fit(`   ${budget.callsLeft} calls left this hour`, width)}
      </Text>,
      ...Object.entries(sources).map(([name, { state, lastOkAt, nextPollAt, reason }]) => (
        <Text key={`${account}:${name}`}>
          {`   ${fit(name, 14)}`}
          <Text color={theme[sourceTone[state]]}>{fit(state, 10)}</Text>
          {fit(
            `last good ${ageText(lastOkAt, now)}${lastOkAt === null ? "" : " ago"}${
              nextPollAt === null ? "" : `, next in ${durationText(Date.parse(nextPollAt) - now)}`
            }${reason === null ? "" : `, ${cleanText(reason)}`}`,
            width - 27,
          )}
        </Text>
      )),
    ])
    .slice(0, height)

/** What was asked of the cloud, and how it went, newest first. */
export const CommandLog = ({
  entries,
  width,
  height,
  theme,
}: OverlaySize & { readonly entries: ReadonlyArray<CommandLogEntry> }) => {
  if (entries.length === 0) return <Text color={theme.muted}>{fit(" no command yet", width)}</Text>
  return entries
    .toReversed()
    .slice(0, height)
    .map(({ id, at, label, statuses, outcome }) => (
      <Text key={id}>
        <Text color={theme.muted}>{` ${clockText(new Date(at).toISOString())} `}</Text>
        <Text color={outcome === "done" ? theme.good : outcome === "failed" ? theme.alarm : theme.warning}>
          {outcome === "done" ? "✓ " : outcome === "failed" ? "✗ " : "→ "}
        </Text>
        {fit(`${label}: ${statuses.join(" → ")}`, width - 12)}
      </Text>
    ))
}

/** Clips that the feed knows of one camera, newest first. */
export const ClipList = ({
  rows,
  selected,
  width,
  height,
  theme,
}: OverlaySize & { readonly rows: ReadonlyArray<FeedRow>; readonly selected: number }) => {
  if (rows.length === 0)
    return (
      <Text color={theme.muted}>
        {fit(" no clip of this camera among the events that are shown here", width)}
      </Text>
    )
  const first = Math.max(0, selected - height + 1)
  return rows.slice(first, first + height).map((row, index) => (
    <Text key={row.key} {...(first + index === selected ? { backgroundColor: theme.selected } : {})}>
      <Text color={theme.accent}>{first + index === selected ? "›" : " "}</Text>
      <Text color={theme.muted}>{`${clockText(row.occurredAt)}  `}</Text>
      {fit(row.text, width - 11)}
    </Text>
  ))
}
