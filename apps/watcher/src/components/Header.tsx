import type { Connection } from "@blink-streams/client"
import type { AccountState } from "@blink-streams/model"
import { Text } from "ink"
import { columnsOf } from "../fit.ts"
import { nextLookText, statusOf } from "../status.ts"
import type { Theme } from "../theme.ts"
import { ageText } from "../times.ts"

interface Props {
  readonly connection: Connection
  readonly account: AccountState | undefined
  readonly accounts: number
  readonly direct: boolean
  readonly control: boolean
  readonly now: number
  readonly width: number
  readonly theme: Theme
}

/** What is true right now, most important first: what doesn't fit falls off the end. */
export const Header = ({ connection, account, accounts, direct, control, now, width, theme }: Props) => {
  const status = statusOf(connection, account, now, direct)
  const looked = account?.asOf ? `looked ${ageText(account.asOf, now)} ago` : ""
  const facts = [
    looked,
    connection.status === "live" ? nextLookText(account, now) : "",
    account === undefined ? "" : accounts > 1 ? `${accounts} accounts` : `account ${account.account}`,
    account === undefined ? "" : `${account.budget.callsLeft} calls left`,
    control ? "control" : "read-only",
  ].filter(Boolean)
  const badge = ` ${status.glyph} ${status.word} `
  const name = width >= 84 ? " blink-streams " : " "
  let room = width - 1 - columnsOf(name) - columnsOf(badge)
  const shown = facts.filter((fact) => (room -= columnsOf(fact) + 3) >= 0)
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
