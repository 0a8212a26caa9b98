import { Box } from "ink"
import { ConfirmDialog, PromptDialog, confirmDialogHeight, promptDialogHeight } from "./dialogContents.tsx"
import { Panel } from "./panels/Panel.tsx"
import type { ScreenProps } from "./ScreenProps.ts"

/** Maximum width of a dialog, in columns. */
const maxDialogWidth = 64

/** Dialog in the middle of the screen; it fills a small one. */
export const Dialog = ({ model, theme, now, columns, rows }: ScreenProps) => {
  const { overlay } = model
  if (overlay.name !== "confirm" && overlay.name !== "prompt") return null
  const isPrompt = overlay.name === "prompt"
  const width = Math.min(columns, maxDialogWidth)
  const height = Math.min(rows - 2, (isPrompt ? promptDialogHeight : confirmDialogHeight) + 2)
  const content = { width: width - 2, theme }
  return (
    <Box
      position="absolute"
      left={Math.floor((columns - width) / 2)}
      top={Math.max(1, Math.floor((rows - height) / 2))}
    >
      <Panel
        title={isPrompt ? "Sign-in" : "Confirm"}
        note="esc"
        width={width}
        height={height}
        focused
        theme={theme}
      >
        {overlay.name === "confirm" ? (
          <ConfirmDialog {...content} question={overlay.question} />
        ) : (
          <PromptDialog
            {...content}
            overlay={overlay}
            account={model.state?.accounts.find(({ account }) => account === overlay.prompt.account)}
            now={now}
          />
        )}
      </Panel>
    </Box>
  )
}
