import type { AccountState } from "@blink-streams/model"
import { Text } from "ink"
import { cleanText } from "../format/cleanText.ts"
import { fit } from "../format/fit.ts"
import type { Overlay, Prompt } from "../model/ScreenModel.ts"
import type { Theme } from "../terminal/theme.ts"
import { durationText } from "../format/times.ts"

interface DialogSize {
  readonly width: number
  readonly theme: Theme
}

/** Rows of `ConfirmDialog`. */
export const confirmDialogHeight = 5

/** Every line has the full width, so that it covers the panels. */
export const ConfirmDialog = ({ question, width, theme }: DialogSize & { readonly question: string }) => (
  <>
    <Text>{fit("", width)}</Text>
    <Text bold>{fit(`  ${question}`, width)}</Text>
    <Text>{fit("", width)}</Text>
    <Text>
      <Text color={theme.accent} bold>
        {"  y"}
      </Text>
      <Text color={theme.muted}>{"  yes      "}</Text>
      <Text color={theme.accent} bold>
        n
      </Text>
      <Text color={theme.muted}>{fit("  no", width - 15)}</Text>
    </Text>
    <Text>{fit("", width)}</Text>
  </>
)

/** Rows of `PromptDialog`. */
export const promptDialogHeight = 9

/** Explains how to get another code. Blink offers no way to resend one, but a new sign-in sends a new code. */
const resendHint = (prompt: Prompt, resendAfter: string | undefined, now: number): string => {
  if (prompt.kind !== "two_factor") return ""
  const waitMillis = resendAfter === undefined ? 0 : Date.parse(resendAfter) - now
  return waitMillis > 0
    ? `No code? You can request another in ${durationText(waitMillis)}`
    : "No code? Enter the password here and Blink sends another"
}

/** Asks for a code or password. The input is masked, kept in memory only and sent once. */
export const PromptDialog = ({
  overlay: { prompt, text, problem, isSending },
  account,
  now,
  width,
  theme,
}: DialogSize & {
  readonly overlay: Extract<Overlay, { readonly name: "prompt" }>
  readonly account: AccountState | undefined
  readonly now: number
}) => {
  const { channel, reason, resendAfter } = account?.session ?? {}
  const isCode = prompt.kind === "two_factor"
  const channelText = channel === undefined ? "" : ` by ${cleanText(channel)}`
  const label = isCode ? "  code: " : "  password: "
  return (
    <>
      <Text>{fit("", width)}</Text>
      <Text bold>
        {fit(
          isCode
            ? `  Blink sent a code${channelText} for account ${prompt.account}.`
            : `  Account ${prompt.account} must sign in again.`,
          width,
        )}
      </Text>
      <Text color={theme.muted}>{fit(reason === undefined ? "" : `  ${cleanText(reason)}`, width)}</Text>
      <Text>
        {label}
        <Text color={theme.accent}>{fit(`${"•".repeat(text.length)}▏`, width - label.length)}</Text>
      </Text>
      <Text color={isSending ? theme.muted : theme.alarm}>
        {fit(isSending ? "  Sending" : problem === null ? "" : `  ${cleanText(problem)}`, width)}
      </Text>
      <Text>{fit("", width)}</Text>
      <Text>
        <Text color={theme.accent} bold>
          {"  enter"}
        </Text>
        <Text color={theme.muted}>{"  send      "}</Text>
        <Text color={theme.accent} bold>
          esc
        </Text>
        <Text color={theme.muted}>{fit("  later", width - 22)}</Text>
      </Text>
      <Text color={theme.muted}>{fit(`  ${resendHint(prompt, resendAfter, now)}`, width)}</Text>
      <Text>{fit("", width)}</Text>
    </>
  )
}
