import { Text } from "ink"
import { columnsOf, fit } from "../format/fit.ts"
import type { Action, Binding } from "../input/keyBindings.ts"
import { type ScreenModel, pendingPrompt } from "../model/ScreenModel.ts"
import type { Theme } from "../terminal/theme.ts"

interface Props {
  readonly model: ScreenModel
  readonly bindings: ReadonlyArray<Binding>
  readonly control: boolean
  readonly now: number
  /** One column less than the screen: text in the last cell of the last row would scroll it. */
  readonly width: number
  readonly theme: Theme
}

const hints: ReadonlyArray<readonly [Action, string]> = [
  ["help", "help"],
  ["quit", "quit"],
  ["filter", "filter"],
  ["arm", "arm"],
  ["disarm", "disarm"],
  ["motion", "motion"],
  ["thumbnail", "picture"],
  ["pause", "pause"],
  ["health", "health"],
  ["log", "log"],
]
/** Messages older than this are hidden. */
const messageMillis = 30_000
const controlActions = new Set<Action>(["arm", "disarm", "motion", "thumbnail"])

/** Bottom line: the text field, otherwise the latest message, otherwise the key hints. */
export const HintLine = ({ model, bindings, control, now, width, theme }: Props) => {
  const { overlay, message } = model
  const keyOf = (action: Action): string => bindings.find((binding) => binding.action === action)?.key ?? ""
  if (overlay.name === "filter" || overlay.name === "command")
    return (
      <Text>
        <Text color={theme.accent}>{overlay.name === "filter" ? "/" : ":"}</Text>
        {fit(`${overlay.text}▏`, width - 1)}
      </Text>
    )
  if (message !== null && now - message.at < messageMillis)
    return <Text color={theme[message.tone]}>{fit(` ${message.text}`, width)}</Text>
  if (pendingPrompt(model) !== undefined && overlay.name === "none")
    return <Text color={theme.alarm}>{fit(` Sign-in required: press ${keyOf("open")}`, width)}</Text>
  let remaining = width
  return (
    <Text>
      {hints
        .filter(([action]) => control || !controlActions.has(action))
        .map(([action, word]) => {
          const key = keyOf(action)
          remaining -= columnsOf(key) + columnsOf(word) + 3
          return remaining < 0 ? null : (
            <Text key={action}>
              <Text color={theme.accent} bold>{` ${key}`}</Text>
              <Text color={theme.muted}>{` ${word} `}</Text>
            </Text>
          )
        })}
    </Text>
  )
}
