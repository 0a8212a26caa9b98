import type { Connection } from "@blink-streams/client"
import type { AccountState } from "@blink-streams/model"
import { Text } from "ink"
import { columnsOf } from "../format/fit.ts"
import { nextUpdateText, statusBadge } from "../model/statusBadge.ts"
import type { Theme } from "../terminal/theme.ts"
import { ageText } from "../format/times.ts"

interface Props {
  readonly connection: Connection
  readonly account: AccountState | undefined
  readonly accounts: number
  readonly inProcess: boolean
  readonly control: boolean
  readonly now: number
  readonly width: number
  readonly theme: Theme
}

/** The items that fit into `columns`, from the first one on; with `variant` 1 in their short form where they have one. */
const shownItems = (
  items: ReadonlyArray<ReadonlyArray<string>>,
  variant: 0 | 1,
  columns: number,
): ReadonlyArray<string> => {
  let remaining = columns
  return items
    .map((texts) => texts[variant] ?? texts[0] ?? "")
    .filter((text) => (remaining -= columnsOf(text) + 3) >= 0)
}

/** Status line at the top, most important items first; items that do not fit are shortened, then dropped. */
export const Header = ({ connection, account, accounts, inProcess, control, now, width, theme }: Props) => {
  const status = statusBadge(connection, account, now, inProcess)
  const items = [
    [account?.asOf ? `Updated ${ageText(account.asOf, now)} ago` : ""],
    [connection.status === "live" ? nextUpdateText(account, now) : ""],
    [account === undefined ? "" : accounts > 1 ? `${accounts} accounts` : `Account ${account.account}`],
    account === undefined
      ? [""]
      : [`${account.budget.callsLeft} requests left this hour`, `${account.budget.callsLeft} requests left`],
    [control ? "Control" : "Read-only"],
  ].filter(([text]) => text !== "")
  const badge = ` ${status.glyph} ${status.text} `
  const name = width >= 84 ? " blink-streams " : " "
  const available = width - 1 - columnsOf(name) - columnsOf(badge)
  const long = shownItems(items, 0, available)
  const shown = long.length === items.length ? long : shownItems(items, 1, available)
  return (
    <Text wrap="truncate-end">
      <Text color={theme.accent} bold>
        {name}
      </Text>
      <Text color={theme[status.tone]} inverse={status.tone !== "good"} bold>
        {badge}
      </Text>
      <Text color={theme.muted}>{shown.length > 0 ? ` ${shown.join(" · ")}` : ""}</Text>
    </Text>
  )
}
