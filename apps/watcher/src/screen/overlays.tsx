import type { AccountState } from "@blink-streams/model"
import { sourceText } from "@blink-streams/model/presentation"
import { Text } from "ink"
import { cleanText } from "../format/cleanText.ts"
import type { FeedRow } from "../model/Feed.ts"
import { fit } from "../format/fit.ts"
import { sessionStateText } from "../format/sessionStateText.ts"
import type { Binding } from "../input/keyBindings.ts"
import type { CommandLogEntry } from "../model/ScreenModel.ts"
import type { Theme } from "../terminal/theme.ts"
import { ageText, clockText, durationText } from "../format/times.ts"

interface OverlaySize {
  readonly width: number
  readonly height: number
  readonly theme: Theme
}

/** All key bindings, in as many columns as fit. */
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
  needs_user: "alarm",
} as const

/** Session, request budget and pollers of each account, with the reason of each problem. */
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
          ` Account ${account}: session ${sessionStateText(session.state)}${session.reason === undefined ? "" : `, ${cleanText(session.reason)}`}`,
          width,
        )}
      </Text>,
      <Text key={`${account}:budget`} color={theme.muted}>
        {fit(`   ${budget.callsLeft} requests left this hour`, width)}
      </Text>,
      ...Object.entries(sources).map(([source, { state, lastOkAt, nextPollAt, reason }]) => (
        <Text key={`${account}:${source}`}>
          {`   ${fit(cleanText(sourceText(source, state).name), 14)}`}
          <Text color={theme[sourceTone[state]]}>{fit(sourceText(source, state).state, 17)}</Text>
          {fit(
            `${lastOkAt === null ? "not updated yet" : `updated ${ageText(lastOkAt, now)} ago`}${
              nextPollAt === null ? "" : `, next update in ${durationText(Date.parse(nextPollAt) - now)}`
            }${reason === null ? "" : `, ${cleanText(reason)}`}`,
            width - 34,
          )}
        </Text>
      )),
    ])
    .slice(0, height)

/** Commands and their statuses, newest first. */
export const CommandLog = ({
  entries,
  width,
  height,
  theme,
}: OverlaySize & { readonly entries: ReadonlyArray<CommandLogEntry> }) => {
  if (entries.length === 0) return <Text color={theme.muted}>{fit(" No commands yet", width)}</Text>
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

/** Clips of one camera in the feed, newest first. */
export const ClipList = ({
  rows,
  selected,
  width,
  height,
  theme,
}: OverlaySize & { readonly rows: ReadonlyArray<FeedRow>; readonly selected: number }) => {
  if (rows.length === 0)
    return <Text color={theme.muted}>{fit(" No clips of this camera in the events shown here", width)}</Text>
  const first = Math.max(0, selected - height + 1)
  return rows.slice(first, first + height).map((row, index) => (
    <Text key={row.key} {...(first + index === selected ? { backgroundColor: theme.selected } : {})}>
      <Text color={theme.accent}>{first + index === selected ? "›" : " "}</Text>
      <Text color={theme.muted}>{`${clockText(row.occurredAt)}  `}</Text>
      {fit(row.text, width - 11)}
    </Text>
  ))
}
