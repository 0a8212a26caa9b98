import { Box, Text } from "ink"
import type { ReactNode } from "react"
import { columnsOf, fit } from "../../format/fit.ts"
import type { Theme } from "../../terminal/theme.ts"

interface Props {
  readonly title: string
  /** Shown at the right end of the upper border. */
  readonly note?: string
  readonly width: number
  readonly height: number
  readonly focused: boolean
  readonly theme: Theme
  readonly children: ReactNode
}

/** A frame with its title in the border. The content has `height - 2` rows of `width - 2` columns. */
export const Panel = ({ title, note = "", width, height, focused, theme, children }: Props) => {
  const colour = focused ? theme.accent : theme.border
  const label = fit(title, Math.min(columnsOf(title), Math.max(1, width - 6)))
  const tail = note === "" || columnsOf(label) + columnsOf(note) + 9 > width ? "" : ` ${note} `
  const line = "─".repeat(Math.max(0, width - columnsOf(label) - columnsOf(tail) - 6))
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Text color={colour}>
        {"╭─ "}
        <Text color={focused ? theme.accent : theme.muted} bold={focused}>
          {label}
        </Text>
        {` ${line}`}
        <Text color={theme.muted}>{tail}</Text>
        {"─╮"}
      </Text>
      <Box
        borderStyle="round"
        borderTop={false}
        borderColor={colour}
        flexDirection="column"
        width={width}
        height={height - 1}
        overflow="hidden"
      >
        {children}
      </Box>
    </Box>
  )
}
