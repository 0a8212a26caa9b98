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

/** What is true right now, most important first: what doesn't fit falls off the end. */
export const Header = ({ connection, account, accounts, inProcess, control, now, width, theme }: Props) => {
  const status = statusBadge(connection, account, now, inProcess)
  const updatedText = account?.asOf ? `looked ${ageText(account.asOf, now)} ago` : ""
  const items = [
    updatedText,
    connection.status === "live" ? nextUpdateText(account, now) : "",
    account === undefined ? "" : accounts > 1 ? `${accounts} accounts` : `account ${account.account}`,
    account === undefined ? "" : `${account.budget.callsLeft} calls left`,
    control ? "control" : "read-only",
  ].filter(Boolean)
  const badge = ` ${status.glyph} ${status.text} `
  const name = width >= 84 ? " blink-streams " : " "
  let remaining = width - 1 - columnsOf(name) - columnsOf(badge)
  const shown = items.filter((fact) => (remaining -= columnsOf(fact) + 3) >= 0)
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
